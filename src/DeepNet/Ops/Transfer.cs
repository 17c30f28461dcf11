namespace DeepNet.Ops;

/// <summary>Moves a tensor to another device; the gradient comes back the same way.</summary>
internal sealed class Transfer(Device to) : Operator
{
    private Device? from;

    public static Tensor Of(Tensor x, Device to) => new Transfer(to).Apply(x);

    public override string Name => "to";

    protected override unsafe Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0].Contiguous();
        from = x.Device;
        var result = Tensor.Allocate(x.Shape, x.DType, to);
        if (x.Count == 0) return result;
        // One of the two is the processor, or the way leads through its memory.
        if (from.Kind == DeviceKind.Cpu)
        {
            result.Upload(x.RawPointer);
            GC.KeepAlive(x);
            return result;
        }
        var landing = to.Kind == DeviceKind.Cpu ? result : Tensor.Allocate(x.Shape, x.DType, Device.Cpu);
        x.Download(landing.RawPointer);
        if (!ReferenceEquals(landing, result)) result.Upload(landing.RawPointer);
        GC.KeepAlive(landing);
        return result;
    }

    protected override void Vjp(Tensor gradient) => Give(0, gradient.To(from!));
}
