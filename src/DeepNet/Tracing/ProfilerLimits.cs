using System.Diagnostics;

namespace DeepNet;

/// <summary>The limits of hardware.</summary>
/// <param name="FlopsPerSecond">The multiplications and additions of a second.</param>
/// <param name="BytesPerSecond">The bytes that are read or written in a second.</param>
public sealed record ProfilerLimits(double FlopsPerSecond, double BytesPerSecond)
{
    private const int Side = 1024, Elements = 1 << 24, Tries = 5;

    /// <summary>
    /// Measures a device with the best of some large matrix products and copies: what the library reaches of the hardware's limits. Takes
    /// a fraction of a second and 200 MiB.
    /// </summary>
    /// <param name="device">The device; null for the processor.</param>
    public static ProfilerLimits Measure(Device? device = null)
    {
        device ??= Device.Cpu;
        using var scope = Memory.Scope();
        Tensor a = Tensor.Full(new Shape(Side, Side), 1, device: device), c = Tensor.Empty(a.Shape, device: device);
        Tensor from = Tensor.Full(new Shape(Elements), 1, device: device), to = Tensor.Full(from.Shape, 0, device: device);
        double product = Best(device, () => device.MatMul(a, a, c)), copy = Best(device, () => device.Copy(from, to));
        return new(2.0 * Side * Side * Side / product, 2.0 * sizeof(float) * Elements / copy);
    }

    /// <summary>Gets the seconds that work takes at least.</summary>
    internal double Seconds(double flops, double bytes) => Math.Max(flops / FlopsPerSecond, bytes / BytesPerSecond);

    private static double Best(Device device, Action work)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            device.Synchronize();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
