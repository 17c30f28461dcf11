using System.Numerics;
using DeepNet.Devices;
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
            var body = new CtcPaths<T>
            {
                X = x.Pointer<T>(), Losses = losses.Pointer<T>(), Slopes = slopes is null ? null : slopes.Pointer<T>(),
                Labels = labels, Steps = steps, Counts = counts, Batch = x.Shape[1], Classes = x.Shape[2],
                MostLabels = targets.MostLabels, Blank = targets.Blank, ZeroInfinity = targets.ZeroInfinity,
            };
            WorkerPool.For(x.Shape[1], 1, ref body);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(losses);
        GC.KeepAlive(slopes);
    }
}
