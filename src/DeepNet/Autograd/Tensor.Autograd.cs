namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>
    /// What <see cref="Node"/> was when it was last asked. Where elements were read, <see cref="EndRead"/> has asked: so formulas, which
    /// would feel the question, need not.
    /// </summary>
    internal Node? KnownNode;

    /// <summary>This tensor's place in the graph; null if it needs no gradient.</summary>
    internal Node? Node
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => storage.NeedsLook ? LookUpNode() : KnownNode;
        set => KnownNode = value;
    }

    /// <summary>
    /// Whether operations on this tensor are recorded so that <see cref="Backward"/> finds its gradient. Set it on tensors that
    /// you made; what is computed from them has it by itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">The element type is not float32 or float64, or the tensor was computed from
    /// others.</exception>
    public bool RequiresGrad
    {
        get => Node is not null;
        set
        {
            if (Node is not null and not Leaf)
                throw new InvalidOperationException(
                    $"[requires_grad] this tensor was computed by {Node.Name}: whether it has a gradient follows from what it was "
                    + "computed from. Use Detach() for a tensor without history.");
            if (value && !DType.IsDifferentiable())
                throw new InvalidOperationException(
                    $"[requires_grad] only float32 and float64 tensors can have a gradient, this one is {DType.Name()}. Convert it "
                    + "first: x.To(DType.Float32).");
            if (value) storage.IsConstant = false;      // a number that gets a gradient is no mere literal any more
            if (!value) Node = null;
            else if (Node is null) (viewOf, Node) = (null, new Leaf(this));     // a leaf has a history of its own, also one that is a view
        }
    }

    /// <summary>True if the tensor was made by the user, not computed by a recorded operation.</summary>
    public bool IsLeaf => Node is null or Leaf;

    /// <summary>The node in the graph that made this tensor; null if it needs no gradient. For looking at graphs.</summary>
    public Node? GradNode => Node;

    /// <summary>
    /// Gets or sets the gradient that backward passes have gathered; null before the first one and after <see cref="ZeroGrad"/>. Leaves
    /// gather it always, other tensors after <see cref="RetainGrad"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The gradient is sparse: it is read from <see cref="SparseGrad"/>.</exception>
    /// <remarks>
    /// A gradient that was read or set here is the caller's and keeps its values: what adds to the tensor's gradient, scales, clips or
    /// replaces it from then on works in other memory, and <see cref="Grad"/> has to be read again. A loop that reads it at every step may
    /// dispose of it, to have its memory used again at once; optimizers read it without any of this.
    /// </remarks>
    public Tensor? Grad
    {
        get => Node switch
        {
            null => null,
            Leaf leaf => leaf.HandOut(),
            { } node => node.Hooks?.Retained,
        };
        set
        {
            if (Node is not Leaf leaf)
                throw new InvalidOperationException("[grad] only a leaf with RequiresGrad has a gradient that can be set.");
            if (value is not null && !value.Shape.Equals(Shape))
                throw new ArgumentException($"[grad] a tensor of shape {Shape} cannot have a gradient of shape {value.Shape}.");
            if (value is not null && (value.DType != DType || value.Device != Device))
                throw new ArgumentException(
                    $"[grad] a {DType.Name()} tensor on {Device} cannot have a {value.DType.Name()} gradient on {value.Device}. "
                    + "Convert it: gradient.To(x.DType).");
            leaf.Set(value);
        }
    }

    /// <summary>The gradient for the library's own readers, who keep no hold on it: its buffer is used again.</summary>
    internal Tensor? PeekGrad() => Node is Leaf leaf ? leaf.Peek() : Grad;

    /// <summary>The gradient of a leaf, to be changed in place, where nobody else sees it.</summary>
    internal Tensor? OwnGrad() => (Node as Leaf)?.Own();

    /// <summary>
    /// Gets the gradient that backward passes have gathered if it is sparse; null if it is dense, or there is none. It is sparse where
    /// all uses of the tensor since the last <see cref="ZeroGrad"/> were sparse embeddings. The remarks at <see cref="Grad"/> hold here
    /// too.
    /// </summary>
    public SparseGradient? SparseGrad => (Node as Leaf)?.HandOutRows();

    /// <summary>The sparse gradient for the library's own readers.</summary>
    internal SparseGradient? PeekRows() => (Node as Leaf)?.PeekRows();

    /// <summary>The values of a sparse gradient, to be changed in place, where nobody else sees them.</summary>
    internal Tensor? OwnRows() => (Node as Leaf)?.OwnRows();

    /// <summary>Sets <see cref="RequiresGrad"/> and returns the same tensor.</summary>
    public Tensor WithGrad()
    {
        RequiresGrad = true;
        return this;
    }

    /// <summary>Forgets the gradient. Its memory serves the next backward pass, unless <see cref="Grad"/> was read or set.</summary>
    public void ZeroGrad()
    {
        if (Node is Leaf leaf) leaf.ZeroGrad();
        else if (Node?.Hooks is { } hooks) hooks.Retained = null;
    }

    /// <summary>The same elements without history: what is computed from the result is not recorded for this tensor.</summary>
    public Tensor Detach()
    {
        var result = new Tensor(storage, shape, strides, offset);
        if (Listener.IsOn) Recording.Applied("detach", null, result, this);
        return result;
    }

    /// <summary>
    /// Computes the gradients of this tensor with respect to all leaves it depends on, and adds them to their <see cref="Grad"/>.
    /// </summary>
    /// <param name="gradient">The upstream gradient; may be left out for a single number, where it is 1.</param>
    /// <param name="retainGraph">Keeps what was saved, so that Backward can run through the same graph again.</param>
    /// <param name="createGraph">Records the pass itself, so that the gradients can be differentiated; implies
    /// <paramref name="retainGraph"/>.</param>
    public void Backward(Tensor? gradient = null, bool retainGraph = false, bool createGraph = false)
        => Engine.Run([this], [gradient], retainGraph, createGraph);

    /// <summary>
    /// Calls a function with this tensor's gradient once it is complete, in every backward pass. It may return another gradient
    /// of the same shape to go on with, or null. Dispose the result to remove the hook.
    /// </summary>
    public IDisposable RegisterHook(Func<Tensor, Tensor?> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return (HooksOrThrow("hook")).Add(hook);
    }

    /// <summary>Asks a tensor that is not a leaf to keep its gradient in <see cref="Grad"/> too.</summary>
    public void RetainGrad()
    {
        var hooks = HooksOrThrow("retain_grad");
        if (Node is not Leaf) hooks.Retains = true;
    }

    private GradientHooks HooksOrThrow(string op)
        => (Node ?? throw new InvalidOperationException($"[{op}] this tensor needs no gradient; set RequiresGrad on it, or compute it "
        + "from one that has it.")).Hooks ??= new GradientHooks();

    /// <summary>
    /// Throws if this tensor cannot be changed in place: several of its elements are one in memory, or it is, or shows, a leaf.
    /// </summary>
    /// <param name="op">The operator.</param>
    /// <param name="other">What is written, or what it is computed from.</param>
    /// <returns>True if the change must be recorded: this tensor or the other one needs a gradient.</returns>
    internal bool CheckInPlace(string op, Tensor? other = null)
    {
        if (!IsContiguous) CheckNoOverlap(op);
        var root = Root;
        if ((root.Node is null && other?.Node is null) || ThreadContext.Current.IsGradOff) return false;
        if (root.Node is Leaf)
            throw new InvalidOperationException(
                $"[{op}] a leaf that requires a gradient cannot be changed in place while recording, nor can its views. Do it inside "
                + "'using (Autograd.NoGrad())', as optimizers do.");
        if (!DType.IsFloating())
            throw new InvalidOperationException(
                $"[{op}] the operand (from {other!.Node!.Name}) needs a gradient, which {DType.Name()} elements cannot pass on: it would "
                + "be lost. Write other.Detach() if no gradient is wanted.");
        if (!root.IsContiguous) root.CheckNoOverlap(op);
        return true;
    }

    /// <summary>Throws if several elements are one in memory.</summary>
    internal void CheckNoOverlap(string op)
    {
        for (int axis = 0; axis < Rank; axis++)
            if (strides[axis] == 0 && shape[axis] > 1 && Count > 0)
                throw new InvalidOperationException($"[{op}] axis {axis} of shape {shape} is expanded: its places share one element, "
                    + "which cannot be set apart. Write to a Clone().");
        if (Layout.Overlaps(shape, strides))
            throw new InvalidOperationException($"[{op}] elements of this view of shape {shape} overlap in memory (strides "
                + $"{string.Join(", ", strides)}), so that they cannot be set apart. Write to a Clone().");
    }

    /// <summary>Throws if a value computed in another element type would lose its fraction or its size where it is written in
    /// place.</summary>
    internal void CheckFits(string op, DType other)
    {
        bool isLost = DType < DType.Int32 ? DTypes.Promote(DType, other) != DType : !DType.IsFloating() && other.IsFloating();
        if (isLost)
            throw new InvalidOperationException($"[{op}] a {DType.Name()} tensor of shape {shape} cannot take {other.Name()} values in "
                + $"place: the result type {DTypes.Promote(DType, other).Name()} does not fit into {DType.Name()}. Use an operation that "
                + $"makes a new tensor, or convert on purpose: other.To(DType.{DType}).");
    }
}
