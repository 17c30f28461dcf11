using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <summary>
    /// The losses of connectionist temporal classification, and their derivatives where a tensor of zeros is given for them.
    /// </summary>
    internal static void Ctc(CtcTargets targets, Tensor x, Tensor losses, Tensor? slopes)
    {
        if (x.DType == DType.Float32) Ctc<float>(targets, x, losses, slopes);
        else Ctc<double>(targets, x, losses, slopes);
    }

    private static void Ctc<T>(CtcTargets targets, Tensor x, Tensor losses, Tensor? slopes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (long* labels = targets.Labels, steps = targets.Steps, counts = targets.Counts)
        {
            var call = new CtcCall<T>
            {
                Targets = targets, X = x, Losses = losses, Slopes = slopes, Labels = labels, Steps = steps, Counts = counts,
            };
            Simd.Run(DType.Float64, ref call);
        }
    }

    private struct CtcCall<T> : ISimdBody where T : unmanaged, IFloatingPointIeee754<T>
    {
        public CtcTargets Targets;
        public Tensor X, Losses;
        public Tensor? Slopes;
        public long* Labels, Steps, Counts;

        public readonly void Run<V, TLane>()
            where V : unmanaged, ISimd<V, TLane> where TLane : unmanaged, IBinaryFloatingPointIeee754<TLane>
        {
            var body = new CtcPaths<V, TLane, T>
            {
                X = X.Pointer<T>(), Losses = Losses.Pointer<T>(), Slopes = Address<T>(Slopes),
                Labels = Labels, Steps = Steps, Counts = Counts, Batch = X.Shape[1], Classes = X.Shape[2],
                MostLabels = Targets.MostLabels, Blank = Targets.Blank, ZeroInfinity = Targets.ZeroInfinity,
            };
            WorkerPool.For(X.Shape[1], 1, ref body);
        }
    }
}
