using DeepNet.IO;

namespace DeepNet.Nn;

/// <summary>
/// A tensor that is learned. A holder rather than a kind of tensor: moving a model to another device or element type puts
/// another tensor into the same parameter, so that optimizers keep the right one.
/// </summary>
public sealed class Parameter
{
    private Tensor value;
    private bool isTrained;     // what to go back to from a half type, which has no gradient

    /// <summary>Makes a parameter of a tensor, which becomes a leaf that requires a gradient.</summary>
    public Parameter(Tensor value, bool requiresGrad = true)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = Memory.Keep(value.IsLeaf ? value : value.Detach());
        this.value.RequiresGrad = isTrained = requiresGrad;
    }

    /// <summary>A parameter with the same values in a tensor of its own.</summary>
    internal Parameter Copy() => new(value.CopyDense(), RequiresGrad) { isTrained = isTrained };

    /// <summary>The tensor.</summary>
    public Tensor Value => value;

    /// <summary>The path in the model, such as <c>fc1.weight</c>; empty until a model has been asked for its parameters.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => value.Shape;

    /// <inheritdoc cref="Tensor.Grad"/>
    public Tensor? Grad
    {
        get => value.Grad;
        set => this.value.Grad = value;
    }

    /// <summary>Gets the gradient gathered so far if it is sparse; null if it is dense, or there is none.</summary>
    public SparseGradient? SparseGrad => value.SparseGrad;

    /// <inheritdoc cref="Tensor.PeekGrad"/>
    internal Tensor? PeekGrad() => value.PeekGrad();

    /// <inheritdoc cref="Tensor.PeekRows"/>
    internal SparseGradient? PeekRows() => value.PeekRows();

    /// <summary>
    /// The elements of the gradient that may differ from zero, all of a dense one or the rows of a sparse one, to be read.
    /// </summary>
    internal Tensor? PeekValues() => value.PeekRows() is { } rows ? rows.Values : value.PeekGrad();

    /// <summary>The same, to be changed in place where nobody else sees it.</summary>
    internal Tensor? OwnValues() => value.PeekRows() is null ? value.OwnGrad() : value.OwnRows();

    /// <summary>
    /// False freezes the parameter: it gets no gradient, and optimizers leave it alone. Always false of a half type; converted back to
    /// float32, the parameter is trained as before.
    /// </summary>
    public bool RequiresGrad
    {
        get => value.RequiresGrad;
        set => this.value.RequiresGrad = value;
    }

    /// <inheritdoc cref="Tensor.ZeroGrad"/>
    public void ZeroGrad() => value.ZeroGrad();

    /// <summary>Puts another tensor of the same shape in place, as moving to another device does.</summary>
    internal void Replace(Tensor replacement)
    {
        if (value.DType.IsDifferentiable()) isTrained = RequiresGrad;
        value = Memory.Keep(replacement.IsLeaf && !ReferenceEquals(replacement, value) ? replacement : replacement.Detach());
        value.RequiresGrad = isTrained && replacement.DType.IsDifferentiable();
    }

    /// <summary>Puts another tensor in place as it is, with its history, and returns the one that was there.</summary>
    internal Tensor Exchange(Tensor other)
    {
        var own = value;
        value = other;
        return own;
    }

    /// <summary>The tensor, so that a parameter can stand wherever a tensor is asked for.</summary>
    public static implicit operator Tensor(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.value;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length == 0 ? "parameter" : Printable.Line(Name))} {value.DType.Name()} {Shape}";
}
