namespace DeepNet.Devices.Cpu;

/// <summary>
/// The weight in the order in which tiles read it: for each group, class of outputs and chunk of channels, panels as high as a
/// tile, in which tap after tap and channel after channel the outputs lie side by side.
/// </summary>
internal unsafe struct PackedWeight<T> : IParallelBody where T : unmanaged
{
    private readonly ConvolutionPlan plan;
    private readonly int tileRows;

    /// <summary>Distances in the tensor; taps lie side by side.</summary>
    private readonly nint groupStride, outputStride, channelStride;

    private readonly T* weight, packed;

    /// <param name="plan">The convolution.</param>
    /// <param name="weight">The weight tensor's elements.</param>
    /// <param name="packed">As much workspace again.</param>
    /// <param name="outputsFirst">The outputs of the convolution are the weight's first axis (and not, as for the image's gradient, its
    /// second).</param>
    /// <param name="tileRows">The height of a tile.</param>
    public PackedWeight(in ConvolutionPlan plan, T* weight, T* packed, bool outputsFirst, int tileRows)
    {
        this.plan = plan;
        this.weight = weight;
        this.packed = packed;
        this.tileRows = tileRows;
        groupStride = plan.Outputs * plan.Depth;
        (outputStride, channelStride) = outputsFirst ? (plan.Depth, (nint)plan.Taps) : (plan.Taps, (nint)plan.Outputs * plan.Taps);
    }

    public readonly int Panels => (plan.Outputs + tileRows - 1) / tileRows;

    /// <summary>The first output of a panel; heights differ by one at most.</summary>
    public readonly int First(int panel) => panel * (plan.Outputs / Panels) + Math.Min(panel, plan.Outputs % Panels);

    /// <summary>Gets the address of a panel, given the taps that its class uses and those of all classes before.</summary>
    public readonly T* Panel(int group, int tapsBefore, int taps, int chunk, int panel)
    {
        int sources = plan.IsLowered ? plan.Taps : 1, channel = chunk * plan.ChannelsPerChunk;
        int channels = Math.Min(plan.ChannelsPerChunk, plan.Channels - channel);
        return packed + group * groupStride + (nint)plan.Outputs * tapsBefore * plan.Channels * sources
            + ((nint)plan.Outputs * channel + (nint)First(panel) * channels) * taps * sources;
    }

    public void PackAll() => WorkerPool.For(
        (nint)plan.Groups * Panels, (nint)((1 << 14) / Math.Max(1, plan.Depth * tileRows) + 1), ref this);

    public readonly void Run(nint from, nint to)
    {
        nint* offsets = (nint*)Scratch.Get(plan.Taps * (sizeof(nint) + sizeof(int)));
        int* numbers = (int*)(offsets + plan.Taps);
        for (nint i = from; i < to; i++) Pack((int)(i / Panels), (int)(i % Panels), numbers, offsets);
    }

    private readonly void Pack(int group, int panel, int* numbers, nint* offsets)
    {
        int first = First(panel), rows = First(panel + 1) - first, tapsBefore = 0;
        int run = plan.IsLowered ? plan.Taps : 1;
        for (int row = 0; row < plan.Rows.Classes; row++)
        {
            for (int column = 0; column < plan.Columns.Classes; column++)
            {
                int taps = plan.ListTaps(row, column, default, numbers, offsets);
                for (int channel = 0, chunk = 0; channel < plan.Channels; channel += plan.ChannelsPerChunk, chunk++)
                {
                    int channels = Math.Min(plan.ChannelsPerChunk, plan.Channels - channel);
                    T* to = Panel(group, tapsBefore, taps, chunk, panel);
                    T* from = weight + group * groupStride + first * outputStride + channel * channelStride;
                    for (int tap = 0; tap < taps; tap++)
                        to = Copy(from + numbers[tap], run > 1 ? 1 : channelStride, channels * run, rows, to);
                }
                tapsBefore += taps;
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly T* Copy(T* from, nint step, int channels, int rows, T* to)
    {
        for (; channels > 0; channels--, from += step, to += rows)
            for (int i = 0; i < rows; i++) to[i] = from[i * outputStride];
        return to;
    }
}
