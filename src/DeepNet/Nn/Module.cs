using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Nn;

/// <summary>
/// A piece of a network: what it learns, what it is made of, and how it computes. Derive from it, put layers and parameters
/// into fields, and write <see cref="Forward"/>; everything else is found.
/// </summary>
/// <remarks>
/// Modules, parameters and buffers are found in fields and in arrays, lists, dictionaries (as values) and tuples that fields hold, also
/// nested. One in any other object, such as a set or a class that is no module, is an error (<see cref="NotSupportedException"/>) when the
/// parts are first asked for, and so is a module that contains itself, a path that two parts share, and a nest of more than 1,000 levels
/// (<see cref="InvalidOperationException"/>). What a module only refers to is marked with <see cref="NotChildAttribute"/>. Delegates are
/// not looked into.
/// </remarks>
/// <example><code>
/// sealed class Mlp : Module
/// {
///     readonly Linear fc1 = new(784, 128, activation: new Relu()), fc2 = new(128, 10);
///     public override Tensor Forward(Tensor x) => fc2.Forward(fc1.Forward(x));
/// }
/// </code></example>
[DynamicallyAccessedMembers(Accessed)]
public abstract partial class Module : IGuarded
{
    internal const DynamicallyAccessedMemberTypes Accessed
        = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFieldsWithInherited;

    private string path = "";
    private bool isTraining = true;

    /// <summary>Computes the output. Modules of several inputs have a method of their own beside it.</summary>
    public abstract Tensor Forward(Tensor x);

    /// <summary>True while training, false while evaluating: dropout and batch normalisation differ.</summary>
    public bool IsTraining
    {
        get
        {
            if (Listener.IsOn) Recording.Looked(this);
            return isTraining;
        }
        private set => isTraining = value;
    }

    string IGuarded.Title => $"the mode of {(path.Length > 0 ? path : Description)}";

    object? IGuarded.State => isTraining;

    bool IGuarded.IsStill(object? state) => state is bool was && was == isTraining;

    /// <summary>
    /// The place in the model, such as <c>encoder.0.fc1</c>; empty for the model itself, and until it has been asked for its parts.
    /// </summary>
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
    public IEnumerable<(string Path, StateBuffer Buffer)> NamedBuffers()
    {
        foreach (var (at, part) in Walk())
            if (part is StateBuffer buffer) yield return (at, buffer);
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

    /// <summary>Undoes <see cref="Freeze()"/>.</summary>
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
    private List<(string Path, object Part)> Walk() => new ModuleWalk(this).Found;

    internal void SetPath(string at) => path = at;

    /// <summary>Throws if there is hardly any stack left, where overflowing it would end the process.</summary>
    private protected static void RequireStack(string op, string at)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack()) return;
        throw new InvalidOperationException($"[{op}] the stack is used up{(at.Length > 0 ? $" at '{at}'" : "")}: modules nest too deep, "
            + "or one contains itself.");
    }

    internal static string Join(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"{outer}.{inner}";
}
