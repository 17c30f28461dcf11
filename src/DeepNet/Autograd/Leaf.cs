namespace DeepNet;

/// <summary>The end of the graph at a tensor the user made and asked a gradient for: gathers that gradient.</summary>
internal sealed class Leaf(Tensor tensor) : Node
{
    private Tensor? grad;

    // After ZeroGrad the buffer stays and its content is void: the next gradient is written over it.
    private bool isStale;

    // False if others may hold the same memory: the user, who was handed the gradient or set it, or the graph of a recorded pass.
    private bool isOurs;

    public override string Name => "leaf";
    public override int InputCount => 0;
    public override Node? Input(int index) => throw new ArgumentOutOfRangeException(nameof(index), "A leaf has no inputs.");

    /// <summary>The gradient, for the library's own readers, who keep no hold on it.</summary>
    public Tensor? Peek() => isStale ? null : grad;

    /// <summary>The gradient for the user, whose it is from now on: what comes next is written into another buffer.</summary>
    public Tensor? HandOut()
    {
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

    /// <summary>Takes a gradient that the user made, and may still hold.</summary>
    public void Set(Tensor? value) => Replace(value is null ? null : Memory.Keep(value), isOurs: false);

    public void ZeroGrad() => isStale = grad is not null;

    /// <summary>
    /// A buffer that the whole gradient may be written into directly, because nothing has been gathered yet; null if there is
    /// none. Whoever asks must fill it.
    /// </summary>
    public Tensor? TakeBuffer()
    {
        if (!isStale || !isOurs || grad is null || !grad.IsContiguous || grad.Storage.IsReleased || grad.Node is not null) return null;
        if (grad.DType != tensor.DType) return null;                           // kernels write results of one type
        isStale = false;
        grad.MarkChanged();
        return grad;
    }

    /// <summary>The gradient gathered so far, if more may be added to it in place; else null.</summary>
    public Tensor? OpenSum => !isStale && isOurs && grad is { Node: null, IsContiguous: true } ? grad : null;

    internal override void Backward(Tensor gradient, Engine engine) => Accumulate(gradient, engine);

    public void Accumulate(Tensor gradient, Engine engine)
    {
        if (gradient.DType != tensor.DType) gradient = gradient.To(tensor.DType);
        if (engine.CreateGraph)
        {
            Replace(grad is null || isStale ? gradient : grad + gradient, isOurs: false);
            Memory.Keep(grad!);
        }
        else if (TakeBuffer() is { } buffer)
        {
            buffer.Device.Copy(gradient, buffer);
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

    private void Replace(Tensor? next, bool isOurs)
    {
        grad = next;
        isStale = false;
        this.isOurs = isOurs;
    }

    internal override void Free() { }
}
