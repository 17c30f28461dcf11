using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void Mean(Tensor x, Tensor? counted, Tensor number)
    {
        if (counted is not null)
        {
            base.Mean(x, counted, number);
            return;
        }
        Reduce(new Identity(), new AddUp(), x, number);
        if (x.DType == DType.Float32) *number.Pointer<float>() /= x.Count;
        else *number.Pointer<double>() /= x.Count;
        GC.KeepAlive(number);
    }
}
