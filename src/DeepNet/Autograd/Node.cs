namespace DeepNet;

/// <summary>
/// One place in the graph that <see cref="Tensor.Backward"/> walks: an operator that was applied, or a leaf. It knows the nodes
/// of its inputs and keeps what its derivative reads, nothing else.
/// </summary>
/// <remarks>
/// Nodes are processed by falling creation number, so that each has all of its gradient before it passes it on. The number
/// is drawn after the inputs' nodes exist and made larger than theirs even if those came from another thread.
/// </remarks>
public abstract class Node
{
    internal readonly long Sequence;

    /// <summary>The gradient gathered so far in the running backward pass.</summary>
    internal Tensor? Gradient;

    /// <summary>Functions of the user's on the finished gradient.</summary>
    internal GradientHooks? Hooks;

    /// <summary>True once the backward pass has let go of what was saved.</summary>
    internal bool IsFreed;

    /// <summary>
    /// The module that was running when this was made, if somebody listened or anomaly mode was on. Kept apart: a field would cost every
    /// node.
    /// </summary>
    internal string? ModulePath
    {
        get => ModulePaths.Of.TryGetValue(this, out string? path) ? path : null;
        set
        {
            if (value is not null) ModulePaths.Of.AddOrUpdate(this, value);
        }
    }

    private protected Node(Node? first = null, Node? second = null, Node? third = null)
        : this(ThreadContext.Current, first, second, third) { }

    /// <summary>The same, where the caller knows its thread.</summary>
    private protected Node(ThreadContext thread, Node? first, Node? second = null, Node? third = null)
    {
        long own = thread.NextSequence();
        // Batches of numbers are per thread, so an input made elsewhere may be ahead of us.
        if (first is not null && first.Sequence >= own) own = first.Sequence + 1;
        if (second is not null && second.Sequence >= own) own = second.Sequence + 1;
        if (third is not null && third.Sequence >= own) own = third.Sequence + 1;
        Sequence = own;
    }

    /// <summary>The operator's name, as in error messages.</summary>
    public abstract string Name { get; }

    /// <summary>The number of inputs.</summary>
    public abstract int InputCount { get; }

    /// <summary>The node of an input, or null if that input needs no gradient.</summary>
    public abstract Node? Input(int index);

    /// <summary>True for the node of a view, whose first input is what it shows.</summary>
    internal virtual bool IsView => false;

    /// <summary>True if more depends on this node than its inputs say: a function that is run again may use any parameter.</summary>
    internal virtual bool HasHiddenInputs => false;

    /// <summary>Turns the gradient of the result into those of the inputs, and hands each to the engine.</summary>
    /// <remarks>
    /// The commonest overrides are not inlined. In the engine's loop, where the JIT would put them, its budget ran out before the accessors
    /// of tensors were inlined, and a node took a third longer.
    /// </remarks>
    internal abstract void Backward(Tensor gradient, Engine engine);

    /// <summary>
    /// For a view: where in the gradient of what it is a view of its own gradient is added, or null. What is added there need not
    /// be given.
    /// </summary>
    internal virtual Tensor? Place(Engine engine, DType dtype, Device device) => null;

    /// <summary>Lets go of everything saved.</summary>
    internal abstract void Free();

    /// <inheritdoc/>
    public override string ToString() => $"<{Name} #{Sequence}>";

    private static class ModulePaths
    {
        public static readonly ConditionalWeakTable<Node, string> Of = [];
    }
}
