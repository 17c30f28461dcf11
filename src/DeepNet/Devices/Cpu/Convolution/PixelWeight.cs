namespace DeepNet.Devices.Cpu;

/// <summary>
/// The weight as tiles of outputs read it: for each class of outputs and each panel of two vectors of them, tap after tap and
/// channel after channel, the outputs side by side; what a panel has too many is zero.
/// </summary>
internal readonly unsafe struct PixelWeight<T>(PixelPlan plan, T* weight, T* packed, int panel) : IParallelBody where T : unmanaged
{
    public int Panels => (plan.Outputs - 1) / panel + 1;

    public static nint Size(in PixelPlan plan, int panel) => (nint)plan.Taps * plan.Channels * WinogradPlan.Whole(plan.Outputs, panel);

    /// <summary>Gets the address of a panel, given the taps of its class and of all before.</summary>
    public T* Panel(int tapsBefore, int taps, int number)
        => packed + ((nint)tapsBefore * Panels + (nint)number * taps) * plan.Channels * panel;

    public void PackAll()
    {
        var body = this;
        WorkerPool.For(Panels, (nint)((1 << 13) / Math.Max(1, (long)plan.Taps * plan.Channels * panel) + 1), ref body);
    }

    public void Run(nint from, nint to)
    {
        int* numbers = stackalloc int[plan.Taps];
        nint* offsets = stackalloc nint[plan.Taps];
        for (nint number = from; number < to; number++)
        {
            int tapsBefore = 0, first = (int)number * panel, count = Math.Min(panel, plan.Outputs - first);
            for (int row = 0; row < plan.Rows.Classes; row++)
            {
                for (int column = 0; column < plan.Columns.Classes; column++)
                {
                    int taps = plan.ListTaps(row, column, 0, numbers, offsets);
                    T* at = Panel(tapsBefore, taps, (int)number);
                    for (int tap = 0; tap < taps; tap++, at += (nint)plan.Channels * panel)
                        Copy(weight + first * plan.OutputStride + numbers[tap], count, at);
                    tapsBefore += taps;
                }
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private void Copy(T* from, int count, T* to)
    {
        if (count < panel) new Span<T>(to, plan.Channels * panel).Clear();
        for (int channel = 0; channel < plan.Channels; channel++, from += plan.ChannelStride, to += panel)
            for (int i = 0; i < count; i++) to[i] = from[i * plan.OutputStride];
    }
}
