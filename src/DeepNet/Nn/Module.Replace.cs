using DeepNet.IO;

namespace DeepNet.Nn;

// Parts by patterns of their paths, and others in their places.
public abstract partial class Module
{
    /// <summary>The parameters whose paths fit a pattern.</summary>
    /// <param name="pattern">
    /// A path in which <c>*</c> stands for any characters, also dots, and <c>?</c> for one; several with <c>|</c> between them. A pattern
    /// that fits a module stands for all parameters inside: <c>layer1</c>, <c>*.attn|fc</c>, <c>*.bias</c>.
    /// </param>
    /// <exception cref="ArgumentException">A pattern fits nothing; the message lists names that are like it.</exception>
    public IReadOnlyList<(string Path, Parameter Parameter)> NamedParameters(string pattern)
        => PathPattern.Find("parameters", pattern, this, NamedParameters());

    /// <summary>Freezes the parameters whose paths fit a pattern, and returns their number.</summary>
    /// <inheritdoc cref="NamedParameters(string)"/>
    public int Freeze(string pattern) => SetRequiresGrad("freeze", pattern, false);

    /// <summary>Lets the parameters be trained whose paths fit a pattern, and returns their number.</summary>
    /// <inheritdoc cref="NamedParameters(string)"/>
    public int Unfreeze(string pattern) => SetRequiresGrad("unfreeze", pattern, true);

    /// <summary>
    /// Puts another module in the place of the one at a path, wherever this module holds that. Call it before the optimizer is made.
    /// </summary>
    /// <param name="path">The path of a module inside, such as <c>fc</c>.</param>
    /// <param name="replacement">The new one; it is switched to training or evaluation as the old one was.</param>
    /// <exception cref="ArgumentException">
    /// There is no such module, or the field or collection that holds it is of a type that the new one has not.
    /// </exception>
    /// <example><code>
    /// model.Load("resnet18.safetensors");
    /// model.Replace("fc", new Linear(512, 10));
    /// </code></example>
    public void Replace(string path, Module replacement)
    {
        var part = (Module)PartAt(path, replacement, part => part is Module and not Parametrization);
        Exchange(path, part, replacement);
        replacement.Train(part.IsTraining);
    }

    /// <summary>
    /// Puts another parameter of the same shape in the place of the one at a path, wherever this module holds that: one that stands
    /// elsewhere too is then shared. Call it before the optimizer is made.
    /// </summary>
    /// <param name="path">The path of a parameter, such as <c>lm_head.weight</c>.</param>
    /// <param name="replacement">The new one.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the shapes differ.</exception>
    public void Replace(string path, Parameter replacement)
    {
        object part = PartAt(path, replacement, part => part is Parameter or Parametrization);
        var shape = part is Parameter parameter ? parameter.Shape : ((Parametrization)part).Shape!;
        if (!shape.Equals(replacement.Shape))
            throw new ArgumentException(
                $"[replace] '{Printable.Line(path)}' has shape {shape}, and the other parameter {replacement.Shape}: "
                + "they must be equal.");
        Exchange(path, part, replacement);
    }

    private object PartAt(string path, object replacement, Func<object, bool> isOfKind)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(replacement);
        var parts = Walk().Where(found => found.Path.Length > 0 && isOfKind(found.Part)).ToList();
        return parts.Find(found => found.Path == path).Part
            ?? throw new ArgumentException($"[replace] this {GetType().Name} has no {(replacement is Module ? "module" : "parameter")} "
                + $"'{Printable.Line(path)}'. {PathPattern.Near(path, parts.Select(found => found.Path))}");
    }

    private void Exchange(string path, object part, object replacement)
    {
        var undo = new Stack<Action>();
        try
        {
            foreach (var (_, module) in Modules().ToList()) ModuleFields.Exchange(module, part, replacement, undo);
            if (undo.Count == 0)
                throw new ArgumentException($"[replace] '{Printable.Line(path)}' is held in a tuple, in which nothing can be exchanged. "
                    + "Hold it in a field, an array, a list or a dictionary.");
            Walk();                 // an error if a module contains itself
        }
        catch
        {
            while (undo.TryPop(out var restore)) restore();
            throw;
        }
    }

    private int SetRequiresGrad(string op, string pattern, bool requiresGrad)
    {
        var found = PathPattern.Find(op, pattern, this, NamedParameters());
        foreach (var (_, parameter) in found) parameter.RequiresGrad = requiresGrad;
        return found.Count;
    }
}
