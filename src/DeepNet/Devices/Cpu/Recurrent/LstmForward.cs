namespace DeepNet.Devices.Cpu;

/// <summary>The forward pass over blocks of sequences.</summary>
internal unsafe struct LstmForward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    public LstmJob<T> Job;

    /// <summary>The transposed weight, in rows of <see cref="LstmJob{T}.Line"/>.</summary>
    public T* Weight;

    public T* Hidden, Y;

    public readonly void Run(nint from, nint to)
    {
        for (nint block = from; block < to; block++) Run(block * LstmJob<T>.Rows, Job.RowsOf((int)block));
    }

    private readonly void Run(nint first, int rows)
    {
        nint units = Job.Units, all = Job.Batch * units;
        T* hidden = Hidden + first * units, cells = null;
        for (int step = 0; step < Job.Steps; step++)
        {
            nint place = Job.Place(step);
            T* gates = Job.Gates + (place * Job.Batch + first) * 4 * units, before = Job.CellsBefore(step, first);
            AnyGemm.Run(hidden, Job.Units, 1, Weight, LstmJob<T>.Line(4 * Job.Units), 1, gates, 4 * units, rows, 4 * Job.Units, Job.Units, true);
            hidden = Y + place * all + first * units;
            cells = Job.Cells + place * all + first * units;
            for (int row = 0; row < rows; row++)
                LstmLoop.Forward<V, T>(gates + row * 4 * units, before + row * units, cells + row * units, hidden + row * units, units);
        }
        long size = rows * units * sizeof(T);
        Buffer.MemoryCopy(cells, Y + Job.Steps * all + first * units, size, size);
    }
}
