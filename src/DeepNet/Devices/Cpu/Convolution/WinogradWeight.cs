using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The weights in the space of points: 36 matrices of outputs by channels, each in panels as high as a register tile, so that the
/// product reads them in one go.
/// </summary>
/// <param name="weight">The weight tensor's elements; the 9 taps lie side by side.</param>
/// <param name="outputStride">From one output to the next.</param>
/// <param name="channelStride">From one channel to the next.</param>
/// <param name="isMirrored">Reads the taps from behind.</param>
internal unsafe struct WinogradWeight(float* weight, nint outputStride, nint channelStride, bool isMirrored) : IParallelBody
{
    private readonly float* weight = weight;
    private readonly nint outputStride = outputStride, channelStride = channelStride;
    private readonly bool isMirrored = isMirrored;
    private float* to;
    private int channels, outputs, tileRows;

    /// <summary>Writes all matrices, one after the other.</summary>
    public void Transform(in WinogradPlan plan, float* to, int tileRows)
    {
        (channels, outputs, this.tileRows) = (plan.Channels, plan.Outputs, tileRows);
        this.to = to;
        WorkerPool.For(Panels(outputs, tileRows), 1 + (1 << 10) / (channels * tileRows), ref this);
    }

    public static int Panels(int outputs, int tileRows) => (outputs - 1) / tileRows + 1;

    /// <summary>The first output of a panel; heights differ by one at most.</summary>
    public static int First(int panel, int outputs, int tileRows)
    {
        int panels = Panels(outputs, tileRows);
        return panel * (outputs / panels) + Math.Min(panel, outputs % panels);
    }

    public readonly void Run(nint from, nint to)
    {
        for (nint panel = from; panel < to; panel++)
        {
            int first = First((int)panel, outputs, tileRows), rows = First((int)panel + 1, outputs, tileRows) - first;
            for (int channel = 0; channel < channels; channel++)
                for (int row = 0; row < rows; row += 4)
                    Four(first + row, channel, Math.Min(4, rows - row), this.to + (nint)first * channels + (nint)channel * rows + row);
        }
    }

    /// <summary>Up to four outputs of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Four(int output, int channel, int count, float* at)
    {
        float* taps = stackalloc float[4 * 9], half = stackalloc float[4 * 18];
        float* from = weight + output * outputStride + channel * channelStride;
        for (int tap = 0; tap < 9; tap++)
            for (int i = 0; i < 4; i++) taps[(isMirrored ? 8 - tap : tap) * 4 + i] = i < count ? from[i * outputStride + tap] : 0;
        for (int column = 0; column < 3; column++)
            Points(taps + 4 * column, 12, half + 4 * column, 12);
        nint matrix = (nint)outputs * channels;
        float* row = stackalloc float[24];
        for (int i = 0; i < 6; i++)
        {
            Points(half + 12 * i, 4, row, 4);
            for (int j = 0; j < 6; j++, at += matrix)
                for (int k = 0; k < count; k++) at[k] = row[4 * j + k];
        }
    }

    /// <summary>G·g: three taps to six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Points(float* g, int step, float* to, int next)
    {
        Vector128<float> g0 = Vector128.Load(g), g1 = Vector128.Load(g + step), g2 = Vector128.Load(g + 2 * step);
        var sixth = Vector128.Create(-1 / 6f);
        Vector128<float> outer = (g0 + g2) * sixth, inner = g1 * sixth;
        (g0 * 0.25f).Store(to);
        (outer + inner).Store(to + next);
        (outer - inner).Store(to + 2 * next);
        Vector128<float> wide = g0 * (1 / 24f) + g2 * (1 / 6f), middle = g1 * (1 / 12f);
        (wide + middle).Store(to + 3 * next);
        (wide - middle).Store(to + 4 * next);
        g2.Store(to + 5 * next);
    }
}
