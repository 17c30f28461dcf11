using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <summary>
    /// The losses of connectionist temporal classification, and their derivatives where a tensor of zeros is given for them.
    /// </summary>
    internal static void Ctc(CtcTargets targets, Tensor x, Tensor losses, Tensor? slopes)
    {
        var call = new CtcCall(targets, x, losses, slopes);
        Simd.Run(x.DType, ref call);
    }

    private readonly struct CtcCall(CtcTargets targets, Tensor x, Tensor losses, Tensor? slopes) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            fixed (long* labels = targets.Labels, steps = targets.Steps, counts = targets.Counts)
            {
                var body = new CtcPaths<T>
                {
                    X = x.Pointer<T>(), Losses = losses.Pointer<T>(), Slopes = Address<T>(slopes),
                    Labels = labels, Steps = steps, Counts = counts, Batch = x.Shape[1], Classes = x.Shape[2],
                    MostLabels = targets.MostLabels, Blank = targets.Blank, ZeroInfinity = targets.ZeroInfinity,
                };
                WorkerPool.For(x.Shape[1], 1, ref body);
            }
        }
    }
}
