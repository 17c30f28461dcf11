namespace DeepNet.Devices.Cpu;

/// <summary>The backward pass over blocks of sequences: the gradients of hidden state and cell travel in those of the initial ones.</summary>
internal unsafe struct LstmBackward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    public LstmJob<T> Job;

    /// <summary>The weight, in rows of <see cref="LstmJob{T}.Line"/>.</summary>
    public T* Weight;

    public T* Gradient, Slopes, Dhidden, Dcell;

    public readonly void Run(nint from, nint to)
    {
        for (nint block = from; block < to; block++) Run(block * LstmJob<T>.Rows, Job.RowsOf((int)block));
    }

    private readonly void Run(nint first, int rows)
    {
        nint units = Job.Units, all = Job.Batch * units;
        T* dhidden = Dhidden + first * units, dcell = Dcell + first * units;
        new Span<T>(dhidden, rows * Job.Units).Clear();
        long size = rows * units * sizeof(T);
        Buffer.MemoryCopy(Gradient + Job.Steps * all + first * units, dcell, size, size);
        for (int step = Job.Steps - 1; step >= 0; step--)
        {
            nint place = Job.Place(step), at = place * all + first * units;
            T* before = Job.CellsBefore(step, first), slopes = Slopes + 4 * at;
            for (int row = 0; row < rows; row++)
            {
                nint start = row * units;
                LstmLoop.Backward<V, T>(
                    Job.Gates + 4 * (at + start), before + start, Job.Cells + at + start, Gradient + at + start, dhidden + start, dcell + start, slopes + 4 * start, units);
            }
            AnyGemm.Run(slopes, 4 * units, 1, Weight, LstmJob<T>.Line(Job.Units), 1, dhidden, units, rows, Job.Units, 4 * Job.Units, false);
        }
    }
}
