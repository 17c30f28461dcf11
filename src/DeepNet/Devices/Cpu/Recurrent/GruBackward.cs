namespace DeepNet.Devices.Cpu;

/// <summary>The backward pass over blocks of sequences: the gradient of the hidden state travels in that of the initial one.</summary>
internal unsafe struct GruBackward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    public GruJob<T> Job;

    /// <summary>The weight, in rows of <see cref="LstmJob{T}.Line"/>.</summary>
    public T* Weight;

    public T* Gradient, Slopes, Turns, Dhidden;

    public readonly void Run(nint from, nint to)
    {
        for (nint block = from; block < to; block++) Run(block * GruJob<T>.Rows, Job.RowsOf((int)block));
    }

    private readonly void Run(nint first, int rows)
    {
        nint units = Job.Units, all = Job.Batch * units;
        T* dhidden = Dhidden + first * units;
        new Span<T>(dhidden, rows * Job.Units).Clear();
        for (int step = Job.Steps - 1; step >= 0; step--)
        {
            nint at = Job.Place(step) * all + first * units;
            T* before = Job.Before(step, first), turns = Turns + 3 * at;
            for (int row = 0; row < rows; row++)
            {
                nint start = row * units;
                GruLoop.Backward<V, T>(
                    Job.Gates + 3 * (at + start), Job.Shares + at + start, before + start, Gradient + at + start, dhidden + start,
                    Slopes + 3 * (at + start), turns + 3 * start, units);
            }
            AnyGemm.Run(turns, 3 * units, 1, Weight, LstmJob<T>.Line(Job.Units), 1, dhidden, units, rows, Job.Units, 3 * Job.Units, true);
        }
    }
}
