namespace DeepNet;

/// <summary>The end of the graph at a tensor the user made and asked a gradient for: gathers that gradient.</summary>
internal sealed class Leaf(Tensor tensor) : Node, IGuarded
{
    private Tensor? grad;

    // The gradient while it is sparse; then there is no dense one.
    private SparseGradient? rows;

    // After ZeroGrad the buffer stays and its content is void: the next gradient is written over it.
    private bool isStale;

    // False if others may hold the same memory: the user, who was handed the gradient or set it, or the graph of a recorded pass.
    private bool isOurs;

    private static int listeners;

    private Action? ready;

    /// <summary>Gets the number of leaves whose gradients somebody waits for, in all graphs.</summary>
    public static int Listeners => listeners;

    /// <summary>Gets or sets what is called in each backward pass once the gradient is complete.</summary>
    public Action? Ready
    {
        get => ready;
        set
        {
            if (ready is null != value is null) Interlocked.Add(ref listeners, value is null ? -1 : 1);
            ready = value;
        }
    }

    public override string Name => "leaf";
    public override int InputCount => 0;
    public override Node? Input(int index) => throw new ArgumentOutOfRangeException(nameof(index), "A leaf has no inputs.");

    /// <summary>The gradient, for the library's own readers, who keep no hold on it.</summary>
    public Tensor? Peek() => rows is not null ? throw IsSparse() : isStale ? null : grad;

    /// <summary>The tensor in which the gradient is gathered, whatever its content; null if the next one finds its own.</summary>
    public Tensor? PeekPlace() => isOurs && rows is null ? grad : null;

    /// <summary>The gradient for the user, whose it is from now on: what comes next is written into another buffer.</summary>
    public Tensor? HandOut()
    {
        if (rows is not null) throw IsSparse();
        if (isStale) return null;
        isOurs = false;
        return grad;
    }

    /// <summary>The gradient, to be changed in place: a copy takes its place first if others may hold it.</summary>
    public Tensor? Own()
    {
        if (Peek() is { } now && !(isOurs && now is { Node: null, IsContiguous: true }))
            Replace(Memory.Keep(now.CopyDense()), isOurs: true);
        return Peek();
    }

    /// <summary>The gradient while it is sparse, for the library's own readers.</summary>
    public SparseGradient? PeekRows() => rows;

    /// <summary>The gradient while it is sparse, for the user, as <see cref="HandOut"/>.</summary>
    public SparseGradient? HandOutRows()
    {
        if (rows is not null) isOurs = false;
        return rows;
    }

    /// <summary>The values of a sparse gradient, as <see cref="Own"/>.</summary>
    public Tensor? OwnRows()
    {
        if (rows is not null && !isOurs) Replace(rows.Copy());
        return rows?.Values;
    }

    /// <summary>Takes a gradient that the user made, and may still hold.</summary>
    public void Set(Tensor? value) => Replace(value is null ? null : Memory.Keep(value), isOurs: false);

    /// <summary>Gives the next gradient a place to be gathered in, such as a part of a larger tensor. What is there now is void.</summary>
    public void GatherIn(Tensor place)
    {
        Replace(place, isOurs: true);
        isStale = true;
    }

    /// <summary>Says that the gradient stands at the place that it was given.</summary>
    public void Gathered()
    {
        if (isStale) Fill();
        else grad!.MarkChanged();
    }

    public void ZeroGrad()
    {
        if (Listener.IsOn) Tell(ZeroGrad);
        rows = null;
        isStale = grad is not null;
    }

    /// <summary>
    /// A buffer that the whole gradient may be written into directly, because nothing has been gathered yet; null if there is
    /// none. Whoever asks must fill it.
    /// </summary>
    public Tensor? TakeBuffer()
    {
        if (!isStale || !isOurs || rows is not null || grad is null) return null;
        if (!grad.IsContiguous || grad.Storage.IsReleased || grad.Node is not null) return null;
        if (grad.DType != tensor.DType) return null;                           // kernels write results of one type
        if (Listener.IsOn) Tell(Fill);
        Fill();
        return grad;
    }

    private void Fill()
    {
        isStale = false;
        grad!.MarkChanged();
    }

    /// <summary>The gradient gathered so far, if more may be added to it in place; else null.</summary>
    public Tensor? OpenSum
    {
        get
        {
            if (Listener.IsOn) Recording.Looked(this);
            return !isStale && isOurs && grad is { Node: null, IsContiguous: true } ? grad : null;
        }
    }

    internal override void Backward(Tensor gradient, Engine engine) => Accumulate(gradient, engine);

    public void Accumulate(Tensor gradient, Engine engine)
    {
        if (gradient.DType != tensor.DType) gradient = gradient.To(tensor.DType);
        if (rows is not null) Replace(Engine.Outlive(rows.ToDense()), isOurs: true);    // a dense gradient makes the sum dense
        if (engine.CreateGraph)
        {
            Replace(grad is null || isStale ? gradient : grad + gradient, isOurs: false);
            Memory.Keep(grad!);
        }
        else if (TakeBuffer() is { } buffer)
        {
            buffer.Kernels.Copy(gradient, buffer);
        }
        else if (grad is null || isStale)
        {
            Replace(Engine.TryTake(gradient) ? gradient : Engine.Outlive(gradient.CopyDense()), isOurs: true);
        }
        else if (OpenSum is { } sum)
        {
            sum.AddInto(gradient);
        }
        else
        {
            Replace(Engine.Outlive(grad + gradient), isOurs: true);     // others see the old value, or a recorded graph needs it
        }
    }

    public void Accumulate(SparseGradient more)
    {
        if (OpenSum is { } sum) more.AddTo(sum);
        else if (grad is not null && !isStale) Replace(Engine.Outlive(grad + more.ToDense()), isOurs: true);
        else Replace(rows is null ? more : rows.Plus(more));
    }

    // What a recording repeats besides the kernels.
    private void Tell(Action change)
    {
        Recording.Looked(this);
        Recording.Changed(change);
    }

    // Where a gradient gets other memory, kernels that write to the old one are wrong.
    private void TellReplaced()
    {
        if (Listener.IsOn) Recording.Replaced(this);
    }

    string IGuarded.Title => $"the gradient of a tensor of shape {tensor.Shape}, which was read, set, or gathered outside";

    object? IGuarded.State => new State(grad, isStale, isOurs, rows is null, Hooks is null);

    bool IGuarded.IsStill(object? state)
        => state is State was && ReferenceEquals(was.Gradient, grad) && was.IsStale == isStale && was.IsOurs == isOurs
        && was.IsDense == rows is null && was.IsUnwatched == Hooks is null;

    private sealed record State(Tensor? Gradient, bool IsStale, bool IsOurs, bool IsDense, bool IsUnwatched);

    private void Replace(SparseGradient next)
    {
        TellReplaced();
        Engine.Outlive(next.Indices);
        Engine.Outlive(next.Values);
        rows = next;
        grad = null;
        isOurs = true;
    }

    private void Replace(Tensor? next, bool isOurs)
    {
        TellReplaced();
        rows = null;
        grad = next;
        isStale = false;
        this.isOurs = isOurs;
    }

    private InvalidOperationException IsSparse() => new(
        $"[grad] the gradient of this table of shape {tensor.Shape} is sparse: {rows}. "
        + "Read SparseGrad, which has their Indices, Values and ToDense().");

    internal override void Free() { }
}
