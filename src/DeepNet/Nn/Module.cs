using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Nn;

/// <summary>
/// A piece of a network: what it learns, what it is made of, and how it computes. Derive from it, put layers and parameters
/// into fields, and write <see cref="Forward"/>; everything else is found.
/// </summary>
/// <example><code>
/// sealed class Mlp : Module
/// {
///     readonly Linear fc1 = new(784, 128), fc2 = new(128, 10);
///     public override Tensor Forward(Tensor x) => fc2.Forward(fc1.Forward(x).Relu());
/// }
/// </code></example>
[DynamicallyAccessedMembers(Accessed)]
public abstract partial class Module
{
    internal const DynamicallyAccessedMemberTypes Accessed
        = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFieldsWithInherited;

    private string path = "";

    /// <summary>Computes the output. Modules of several inputs have a method of their own beside it.</summary>
    public abstract Tensor Forward(Tensor x);

    /// <summary>True while training, false while evaluating: dropout and batch normalisation differ.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The place in the model, such as <c>encoder.0.fc1</c>; empty for the model itself, and until it has been asked for its parts.</summary>
    public string Path => path;

    /// <summary>The modules directly inside, by name.</summary>
    public IEnumerable<(string Name, Module Module)> Children()
    {
        foreach (var (name, part) in ModuleFields.Parts(this))
            if (part is Module child) yield return (name, child);
    }

    /// <summary>This module and all inside it, by path, parents before children, each once.</summary>
    public IEnumerable<(string Path, Module Module)> Modules()
    {
        foreach (var (at, part) in Walk())
            if (part is Module module) yield return (at, module);
    }

    /// <summary>All parameters by path, in the order of declaration; one that is shared appears once, under its first path.</summary>
    public IEnumerable<(string Path, Parameter Parameter)> NamedParameters()
    {
        foreach (var (at, part) in Walk())
            if (part is Parameter parameter) yield return (at, parameter);
    }

    /// <summary>All parameters; what an optimizer is made from.</summary>
    public IReadOnlyList<Parameter> Parameters()
    {
        var parameters = new List<Parameter>();
        foreach (var (_, part) in Walk())
            if (part is Parameter parameter) parameters.Add(parameter);
        return parameters;
    }

    /// <summary>All buffers by path.</summary>
    public IEnumerable<(string Path, Buffer Buffer)> NamedBuffers()
    {
        foreach (var (at, part) in Walk())
            if (part is Buffer buffer) yield return (at, buffer);
    }

    /// <summary>Switches this module and all inside it to training.</summary>
    public void Train(bool isTraining = true)
    {
        foreach (var (_, module) in Modules()) module.IsTraining = isTraining;
    }

    /// <summary>Switches this module and all inside it to evaluation.</summary>
    public void Eval() => Train(false);

    /// <summary>Freezes all parameters: they get no gradient, and optimizers leave them alone.</summary>
    public void Freeze() => SetRequiresGrad(false);

    /// <summary>Undoes <see cref="Freeze"/>.</summary>
    public void Unfreeze() => SetRequiresGrad(true);

    /// <summary>Forgets the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, parameter) in NamedParameters()) parameter.ZeroGrad();
    }

    /// <summary>The number of learned numbers.</summary>
    public long ParameterCount => NamedParameters().Sum(p => (long)p.Parameter.Value.Count);

    private void SetRequiresGrad(bool requiresGrad)
    {
        foreach (var (_, parameter) in NamedParameters()) parameter.RequiresGrad = requiresGrad;
    }

    /// <summary>Gives all that is inside its path.</summary>
    private protected void PlaceParts() => Walk();

    /// <summary>Copies begin without hooks.</summary>
    private protected virtual void ForgetHooks() { }

    /// <summary>
    /// Everything inside, each once, with its path; tells each part its path on the way, which is how errors know where they are.
    /// </summary>
    private List<(string Path, object Part)> Walk()
    {
        var found = new List<(string, object)>();
        Visit("", this, found, new HashSet<object>(ReferenceEqualityComparer.Instance), path);
        return found;
    }

    private static void Visit(string at, Module module, List<(string, object)> found, HashSet<object> seen, string root)
    {
        if (!seen.Add(module)) return;
        module.path = Join(root, at);
        found.Add((at, module));
        foreach (var (name, part) in ModuleFields.Parts(module))
        {
            string inner = Join(at, name);
            switch (part)
            {
                case Module child:
                    Visit(inner, child, found, seen, root);
                    break;
                case Parameter parameter when seen.Add(parameter):
                    parameter.Name = Join(root, inner);
                    found.Add((inner, parameter));
                    break;
                case Buffer buffer when seen.Add(buffer):
                    buffer.Name = Join(root, inner);
                    found.Add((inner, buffer));
                    break;
            }
        }
    }

    internal static string Join(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"{outer}.{inner}";
}
