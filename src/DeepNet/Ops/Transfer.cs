namespace DeepNet.Ops;

/// <summary>Moves a tensor to another device; the gradient comes back the same way.</summary>
internal sealed class Transfer(Device to) : Operator
{
    private Device? from;

    public static Tensor Of(Tensor x, Device to) => new Transfer(to).Apply(x);

    public override string Name => "to";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0].Contiguous();
        from = x.Device;
        var result = Tensor.Allocate(x.Shape, x.DType, to);
        if (x.Count == 0) return result;
        if (Listener.IsOn) Recording.Run(new KernelCall("transfer", to, [x, result], 1, null, 0, t => Move(t[0]!, t[1]!)));
        else Move(x, result);
        return result;
    }

    private static unsafe void Move(Tensor x, Tensor result)
    {
        // One of the two is the processor, or the way leads through its memory.
        if (x.Device.Kind == DeviceKind.Cpu)
        {
            result.Upload(x.RawPointer);
            GC.KeepAlive(x);
            return;
        }
        var landing = result.Device.Kind == DeviceKind.Cpu ? result : Tensor.Allocate(x.Shape, x.DType, Device.Cpu);
        x.Download(landing.RawPointer);
        if (!ReferenceEquals(landing, result)) result.Upload(landing.RawPointer);
        GC.KeepAlive(landing);
    }

    protected override void Vjp(Tensor gradient) => Give(0, gradient.To(from!));
}
