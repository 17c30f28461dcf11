namespace DeepNet.Devices.Cpu;

/// <summary>
/// The backward pass over blocks of sequences: the gradients of hidden state and memory travel in those of the initial ones.
/// </summary>
internal unsafe struct SequenceBackward<TCell, V, T> : IParallelBody
    where TCell : unmanaged, ICell where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    public SequenceJob<T> Job;

    /// <summary>The weight, in rows of <see cref="SequenceJob{T}.Line"/>.</summary>
    public T* Weight;

    public T* Gradient, DGates, DProducts, DHidden, DMemory;

    public readonly void Run(nint from, nint to)
    {
        for (nint block = from; block < to; block++) Run(block * SequenceJob<T>.Rows, Job.RowsOf(block));
    }

    private readonly void Run(nint first, int rows)
    {
        nint units = Job.Units, columns = Job.Columns, all = Job.Batch * units;
        int line = SequenceJob<T>.Line(Job.Units);
        T* dHidden = DHidden + first * units, dMemory = DMemory + first * units, dBefore = TCell.HasMemory ? dMemory : dHidden;
        new Span<T>(dHidden, rows * Job.Units).Clear();
        long size = rows * units * sizeof(T);
        if (TCell.HasMemory) Buffer.MemoryCopy(Gradient + Job.Steps * all + first * units, dMemory, size, size);
        for (int step = Job.Steps - 1; step >= 0; step--)
        {
            nint row = (nint)Job.Place(step) * Job.Batch + first;
            T* before = Job.Before(step, first), dProducts = DProducts + row * columns;
            for (nint i = 0; i < rows; i++)
            {
                nint at = i * units, unit = row * units + at, gate = (row + i) * columns;
                CellLoop<TCell, V, T>.Backward(
                    Job.Gates + gate, before + at, Job.Saved + unit, Gradient + unit, dHidden + at, dBefore + at,
                    DGates + gate, DProducts + gate, units);
            }
            Gemm.Run(dProducts, columns, 1, Weight, line, 1, dHidden, units, rows, Job.Units, Job.Columns, !TCell.HasMemory);
        }
    }
}
