using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice : IResampler
{
    void IResampler.Resample(ResampleRole role, Resampling sizes, Tensor x, Tensor index, Tensor weight, Tensor y)
    {
        var run = new ResampleRun { Role = role, Sizes = sizes, X = x, Index = index, Weight = weight, Y = y };
        Simd.Run(x.DType, ref run);
    }

    private struct ResampleRun : ISimdBody
    {
        public ResampleRole Role;
        public Resampling Sizes;
        public Tensor X, Index, Weight, Y;

        public readonly void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var body = new ResampleBody<V, T>
            {
                Role = Role, Sizes = Sizes, X = X.Pointer<T>(), Index = Index.Pointer<int>(), Weight = Weight.Pointer<T>(),
                Y = Y.Pointer<T>(),
            };
            var (tasks, each) = body.Tasks;
            WorkerPool.For(tasks, Grain / Math.Max(1, each) + 1, ref body);
        }
    }
}
