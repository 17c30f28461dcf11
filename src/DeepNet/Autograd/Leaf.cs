namespace DeepNet;

/// <summary>The end of the graph at a tensor the user made and asked a gradient for: gathers that gradient.</summary>
internal sealed class Leaf(Tensor tensor) : Node
{
    private Tensor? grad;

    // After ZeroGrad the buffer stays and its content is void: the next gradient is written over it.
    private bool isStale;

    public override string Name => "leaf";
    public override int InputCount => 0;
    public override Node? Input(int index) => throw new ArgumentOutOfRangeException(nameof(index), "A leaf has no inputs.");

    public Tensor? Grad
    {
        get => isStale ? null : grad;
        set
        {
            grad = value;
            isStale = false;
        }
    }

    public void ZeroGrad() => isStale = grad is not null;

    /// <summary>
    /// A buffer that the whole gradient may be written into directly, because nothing has been gathered yet; null if there is
    /// none. Whoever asks must fill it.
    /// </summary>
    public Tensor? TakeBuffer()
    {
        if (!isStale || grad is null || grad.Storage.IsReleased || grad.Node is not null) return null;
        if (!grad.IsContiguous || grad.DType != tensor.DType) return null;     // kernels write dense results of one type
        isStale = false;
        return grad;
    }

    internal override void Backward(Tensor gradient, Engine engine) => Accumulate(gradient, engine);

    public void Accumulate(Tensor gradient, Engine engine)
    {
        if (gradient.DType != tensor.DType) gradient = gradient.To(tensor.DType);
        if (engine.CreateGraph)
        {
            grad = grad is null || isStale ? gradient : grad + gradient;
            isStale = false;
            Memory.Keep(grad);
        }
        else if (TakeBuffer() is { } buffer)
        {
            buffer.Device.Copy(gradient, buffer);
        }
        else if (grad is null || isStale)
        {
            grad = Engine.TryTake(gradient) ? gradient : Engine.Outlive(gradient.CopyDense());
            isStale = false;
        }
        else if (grad.Node is not null)
        {
            grad = Engine.Outlive(grad + gradient);     // part of a recorded graph: its value must stay
        }
        else
        {
            grad.AddInPlace(gradient);
        }
    }

    internal override void Free() { }
}
