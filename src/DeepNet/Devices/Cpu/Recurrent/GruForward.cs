namespace DeepNet.Devices.Cpu;

/// <summary>The forward pass over blocks of sequences.</summary>
internal unsafe struct GruForward<V, T> : IParallelBody where V : unmanaged, ISimd<V, T> where T : unmanaged
{
    public GruJob<T> Job;

    /// <summary>The transposed weight, in rows of <see cref="LstmJob{T}.Line"/>.</summary>
    public T* Weight;

    public T* Bias;

    /// <summary>Room for the projected hidden states of each block.</summary>
    public T* Projected;

    public readonly void Run(nint from, nint to)
    {
        for (nint block = from; block < to; block++) Run(block, Job.RowsOf((int)block));
    }

    private readonly void Run(nint block, int rows)
    {
        nint units = Job.Units, all = Job.Batch * units, first = block * GruJob<T>.Rows;
        T* projected = Projected + first * 3 * units;
        for (int step = 0; step < Job.Steps; step++)
        {
            nint at = Job.Place(step) * all + first * units;
            T* before = Job.Before(step, first);
            Gemm.Run(new Problem<T>
            {
                A = before, ARow = units, ACol = 1, B = Weight, BRow = LstmJob<T>.Line(3 * Job.Units), BCol = 1, C = projected, CRow = 3 * units,
                M = rows, N = 3 * Job.Units, K = Job.Units, Bias = Bias,
            }, Batch.One);
            for (int row = 0; row < rows; row++)
            {
                nint start = row * units;
                GruLoop.Forward<V, T>(Job.Gates + 3 * (at + start), projected + 3 * start, before + start, Job.Shares + at + start, Job.Y + at + start, units);
            }
        }
    }
}
