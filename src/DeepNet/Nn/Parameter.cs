using DeepNet.IO;

namespace DeepNet.Nn;

/// <summary>
/// A tensor that is learned. A holder rather than a kind of tensor: moving a model to another device or element type puts
/// another tensor into the same parameter, so that optimizers keep the right one.
/// </summary>
public sealed class Parameter : IGuarded
{
    private Tensor? value;      // null while a parametrization computes it
    private Parametrization? parametrization;
    private Action<Parameter>? ready;
    private bool isTrained;     // what to go back to from a half type, which has no gradient

    /// <summary>Makes a parameter of a tensor, which becomes a leaf that requires a gradient.</summary>
    public Parameter(Tensor value, bool requiresGrad = true)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = Memory.Keep(value.IsLeaf ? value : value.Detach());
        this.value.RequiresGrad = isTrained = requiresGrad;
    }

    /// <summary>A parameter with the same values in a tensor of its own.</summary>
    internal Parameter Copy() => new(Leaf.CopyDense(), RequiresGrad) { isTrained = isTrained };

    /// <summary>A parameter that a copy of its parametrization computes.</summary>
    internal static Parameter Of(Parametrization parametrization) => new(parametrization);

    private Parameter(Parametrization parametrization) => this.parametrization = parametrization;

    /// <summary>The tensor; computed anew each time where there is a parametrization.</summary>
    public Tensor Value
    {
        get
        {
            if (Listener.IsOn) Recording.Looked(this);
            return value ?? parametrization!.Compute();
        }
    }

    string IGuarded.Title => $"the tensor of {this}, or whether it requires a gradient";

    object? IGuarded.State => (value, value?.KnownNode, parametrization);

    bool IGuarded.IsStill(object? state)
        => state is (var tensor, var node, var by) && ReferenceEquals(tensor, value) && ReferenceEquals(node, value?.KnownNode)
        && ReferenceEquals(by, parametrization);

    /// <summary>x·Wᵀ + bias of a matrix, and an activation; a parametrization may know a shorter way than by W.</summary>
    internal Tensor Affine(Tensor x, Tensor? bias, Formula? activation)
    {
        if (Listener.IsOn) Recording.Looked(this);
        return value is not null ? Ops.Affine.Of(x, value, bias, isTransposed: true, activation)
            : parametrization!.Affine(x, bias, activation);
    }

    /// <summary>Gets what computes the parameter; null if it is trained itself.</summary>
    public Parametrization? Parametrization => parametrization;

    /// <summary>
    /// Has the parameter computed from another one, which is trained and saved in its place. Call it before the optimizer is made.
    /// </summary>
    /// <param name="parametrization">How it is computed. Its present value stays, exactly or as nearly as can be.</param>
    /// <exception cref="InvalidOperationException">The parameter, or the object given, is in use by another one.</exception>
    public void Parametrize(Parametrization parametrization)
    {
        ArgumentNullException.ThrowIfNull(parametrization);
        if (this.parametrization is not null)
            throw new InvalidOperationException(
                $"[parametrize] {this} is computed by {this.parametrization.Description} already. Parametrize its "
                + "Parametrization.Original, or remove "
                + "the first.");
        parametrization.Attach(Leaf.Detach(), RequiresGrad);
        (this.parametrization, value) = (parametrization, null);
    }

    /// <summary>Makes the parameter a plain one of its present value, which is trained itself.</summary>
    public void RemoveParametrization()
    {
        if (parametrization is null) return;
        bool requiresGrad = RequiresGrad;
        using (GradSwitch.Off()) value = Memory.Keep(Value.CopyDense());
        parametrization = null;
        value.RequiresGrad = isTrained = requiresGrad;
    }

    // Gradients are those of the original: to look for one here would find nothing, and train nothing.
    private Tensor Leaf => value ?? throw new InvalidOperationException(
        $"[parametrize] {this} is computed by {parametrization!.Description} and has no gradient; {parametrization.Original} has. Was "
        + "the optimizer "
        + "made before Parametrize? Make it of module.Parameters() afterwards.");

    /// <summary>The path in the model, such as <c>fc1.weight</c>; empty until a model has been asked for its parameters.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => value?.Shape ?? parametrization!.Shape!;

    /// <inheritdoc cref="Tensor.Grad"/>
    public Tensor? Grad
    {
        get => Leaf.Grad;
        set => Leaf.Grad = value;
    }

    /// <summary>Gets the gradient gathered so far if it is sparse; null if it is dense, or there is none.</summary>
    public SparseGradient? SparseGrad => Leaf.SparseGrad;

    /// <summary>
    /// Occurs in a backward pass as soon as nothing of the pass adds to <see cref="Grad"/> any more, so that it can be sent while the pass
    /// goes on. It does not occur in a pass that does not reach the parameter, nor where a compiled step is repeated.
    /// </summary>
    /// <remarks>
    /// Called on the thread of the pass. Gradients of later layers come first. Where the pass runs a function again (a checkpoint), they
    /// come when the first such function was run, since it may use any parameter.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The parameter is computed from another one, whose event it is.</exception>
    public event Action<Parameter>? GradientReady
    {
        add
        {
            _ = Leaf;
            ready += value;
            Listen();
        }
        remove
        {
            ready -= value;
            Listen();
        }
    }

    // The leaf is another one after each change of RequiresGrad and of the tensor.
    private void Listen()
    {
        if (value?.Node is DeepNet.Leaf leaf) leaf.Ready = ready is null ? null : () => ready?.Invoke(this);
    }

    /// <inheritdoc cref="Tensor.PeekGrad"/>
    internal Tensor? PeekGrad() => Leaf.PeekGrad();

    /// <inheritdoc cref="Tensor.PeekRows"/>
    internal SparseGradient? PeekRows() => Leaf.PeekRows();

    /// <inheritdoc cref="DeepNet.Leaf.PeekPlace"/>
    internal Tensor? PeekPlace() => ((DeepNet.Leaf)Leaf.Node!).PeekPlace();

    /// <inheritdoc cref="DeepNet.Leaf.GatherIn"/>
    internal void GatherIn(Tensor place) => ((DeepNet.Leaf)Leaf.Node!).GatherIn(place);

    /// <inheritdoc cref="DeepNet.Leaf.Gathered"/>
    internal void Gathered() => ((DeepNet.Leaf)Leaf.Node!).Gathered();

    /// <summary>
    /// The elements of the gradient that may differ from zero, all of a dense one or the rows of a sparse one, to be read.
    /// </summary>
    internal Tensor? PeekValues() => Leaf.PeekRows() is { } rows ? rows.Values : Leaf.PeekGrad();

    /// <summary>The same, to be changed in place where nobody else sees it.</summary>
    internal Tensor? OwnValues() => Leaf.PeekRows() is null ? Leaf.OwnGrad() : Leaf.OwnRows();

    /// <summary>
    /// False freezes the parameter: it gets no gradient, and optimizers leave it alone. Always false of a half type; converted back to
    /// float32, the parameter is trained as before.
    /// </summary>
    public bool RequiresGrad
    {
        get => value?.RequiresGrad ?? parametrization!.Original.RequiresGrad;
        set
        {
            if (parametrization is null)
            {
                if (!value && Leaf.Node is DeepNet.Leaf leaf) leaf.Ready = null;
                Leaf.RequiresGrad = value;
                Listen();
            }
            else if (value) parametrization.Unfreeze();
            else parametrization.Freeze();
        }
    }

    /// <inheritdoc cref="Tensor.ZeroGrad"/>
    public void ZeroGrad() => Leaf.ZeroGrad();

    /// <summary>Puts another tensor of the same shape in place, as moving to another device does.</summary>
    internal void Replace(Tensor replacement)
    {
        if (Leaf.DType.IsDifferentiable()) isTrained = RequiresGrad;
        if (Leaf.Node is DeepNet.Leaf leaf) leaf.Ready = null;
        value = Memory.Keep(replacement.IsLeaf && !ReferenceEquals(replacement, value) ? replacement : replacement.Detach());
        value.RequiresGrad = isTrained && replacement.DType.IsDifferentiable();
        Listen();
    }

    /// <summary>Puts another tensor in place as it is, with its history, and returns the one that was there.</summary>
    internal Tensor Exchange(Tensor other)
    {
        var own = Leaf;
        value = other;
        return own;
    }

    /// <summary>The tensor, so that a parameter can stand wherever a tensor is asked for.</summary>
    public static implicit operator Tensor(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Value;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length == 0 ? "parameter" : Printable.Line(Name))} {DType.Name()} {Shape}";

    private DType DType => value?.DType ?? parametrization!.Original.DType;
}
