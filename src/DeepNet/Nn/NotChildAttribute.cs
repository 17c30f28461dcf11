namespace DeepNet.Nn;

/// <summary>
/// Marks a field that refers to a module, parameter or buffer that is not a part of the module: a teacher whose answers are learned from,
/// or the module that this one is inside of. It is neither trained, saved, moved nor copied along.
/// </summary>
/// <example><code>
/// sealed class Student(Module body, Module teacher) : Module
/// {
///     readonly Module body = body;
///     [NotChild]
///     readonly Module teacher = teacher;
///     public override Tensor Forward(Tensor x) => body.Forward(x);
/// }
/// </code></example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class NotChildAttribute : Attribute;
