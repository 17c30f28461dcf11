using DeepNet.Devices;

namespace DeepNet;

public sealed partial class Tensor
{
    /// <summary>This tensor's place in the graph; null if it needs no gradient.</summary>
    internal Node? Node;

    /// <summary>
    /// Whether operations on this tensor are recorded so that <see cref="Backward"/> finds its gradient. Set it on tensors that
    /// you made; what is computed from them has it by itself.
    /// </summary>
    /// <exception cref="InvalidOperationException">The element type is not float32 or float64, or the tensor was computed from others.</exception>
    public bool RequiresGrad
    {
        get => Node is not null;
        set
        {
            if (Node is not null and not Leaf)
                throw new InvalidOperationException($"[requires_grad] this tensor was computed by {Node.Name}: whether it has a gradient follows from what it was computed from. Use Detach() for a tensor without history.");
            if (value && !DType.IsDifferentiable())
                throw new InvalidOperationException($"[requires_grad] only float32 and float64 tensors can have a gradient, this one is {DType.Name()}. Convert it first: x.To(DType.Float32).");
            if (value) storage.IsConstant = false;      // a number that gets a gradient is no mere literal any more
            if (value) Node ??= new Leaf(this);
            else Node = null;
        }
    }

    /// <summary>True if the tensor was made by the user, not computed by a recorded operation.</summary>
    public bool IsLeaf => Node is null or Leaf;

    /// <summary>The node in the graph that made this tensor; null if it needs no gradient. For looking at graphs.</summary>
    public Node? GradNode => Node;

    /// <summary>
    /// The gradient that backward passes have gathered; null before the first one and after <see cref="ZeroGrad"/>. Leaves
    /// gather it always, other tensors after <see cref="RetainGrad"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The gradient is sparse: it is read from <see cref="SparseGrad"/>.</exception>
    public Tensor? Grad
    {
        get => Node switch
        {
            null => null,
            Leaf leaf => leaf.Grad,
            { } node => node.Hooks?.Retained,
        };
        set
        {
            if (Node is not Leaf leaf)
                throw new InvalidOperationException("[grad] only a leaf with RequiresGrad has a gradient that can be set.");
            if (value is not null && !value.Shape.Equals(Shape))
                throw new ArgumentException($"[grad] a tensor of shape {Shape} cannot have a gradient of shape {value.Shape}.");
            if (value is not null && (value.DType != DType || value.Device != Device))
                throw new ArgumentException($"[grad] a {DType.Name()} tensor on {Device} cannot have a {value.DType.Name()} gradient on {value.Device}. Convert it: gradient.To(x.DType).");
            leaf.Grad = value;
        }
    }

    /// <summary>
    /// Gets the gradient that backward passes have gathered if it is sparse; null if it is dense, or there is none. It is sparse where
    /// all uses of the tensor since the last <see cref="ZeroGrad"/> were sparse embeddings.
    /// </summary>
    public SparseGradient? SparseGrad => (Node as Leaf)?.SparseGrad;

    /// <summary>Sets <see cref="RequiresGrad"/> and returns the same tensor.</summary>
    public Tensor WithGrad()
    {
        RequiresGrad = true;
        return this;
    }

    /// <summary>Forgets the gradient; its buffer is kept, and the next backward pass writes into it.</summary>
    public void ZeroGrad()
    {
        if (Node is Leaf leaf) leaf.ZeroGrad();
        else if (Node?.Hooks is { } hooks) hooks.Retained = null;
    }

    /// <summary>The same elements without history: what is computed from the result is not recorded for this tensor.</summary>
    public Tensor Detach() => new(storage, shape, strides, offset);

    /// <summary>
    /// Computes the gradients of this tensor with respect to all leaves it depends on, and adds them to their <see cref="Grad"/>.
    /// </summary>
    /// <param name="gradient">The upstream gradient; may be left out for a single number, where it is 1.</param>
    /// <param name="retainGraph">Keeps what was saved, so that Backward can run through the same graph again.</param>
    /// <param name="createGraph">Records the pass itself, so that the gradients can be differentiated; implies <paramref name="retainGraph"/>.</param>
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
        => (Node ?? throw new InvalidOperationException($"[{op}] this tensor needs no gradient; set RequiresGrad on it, or compute it from one that has it.")).Hooks ??= new GradientHooks();

    /// <summary>Throws if an in-place change of this tensor, computed from <paramref name="other"/>, would leave the record wrong.</summary>
    internal void CheckInPlace(string op, Tensor? other = null)
    {
        if ((Node is null && other?.Node is null) || ThreadContext.Current.IsGradOff) return;
        if (Node is null)
            throw new InvalidOperationException($"[{op}] the operand (from {other!.Node!.Name}) needs a gradient, and in-place changes are not recorded: it would be lost. Use an operation that makes a new tensor, or pass other.Detach() if no gradient is wanted.");
        throw new InvalidOperationException(Node is Leaf
            ? $"[{op}] a leaf that requires a gradient cannot be changed in place while recording. Do it inside 'using (Autograd.NoGrad())', as optimizers do."
            : $"[{op}] a tensor with history (from {Node.Name}) cannot be changed in place while recording. Use an operation that makes a new tensor, or change Detach().Clone().");
    }
}
