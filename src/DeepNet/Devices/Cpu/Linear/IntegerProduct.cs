namespace DeepNet.Devices.Cpu;

/// <summary>Matrix products of integers: exact, wrapping on overflow, and rare enough for a plain loop.</summary>
internal static unsafe class IntegerProduct
{
    /// <summary>Multiply-adds that are worth a thread.</summary>
    private const long Grain = 1 << 16;

    public static void Run<T>(in Problem<T> problem, in Batch batch) where T : unmanaged, IBinaryInteger<T>
    {
        var body = new Body<T> { Problem = problem, Batch = batch };
        WorkerPool.For((nint)batch.Count * problem.M, (nint)(Grain / Math.Max(1, (long)problem.N * problem.K) + 1), ref body);
    }

    private struct Body<T> : IParallelBody where T : unmanaged, IBinaryInteger<T>
    {
        public Problem<T> Problem;
        public Batch Batch;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            var p = Problem;
            for (nint row = from; row < to; row++)
            {
                nint product = row / p.M, i = row % p.M;
                T* a = p.A + product * Batch.A + i * p.ARow, b = p.B + product * Batch.B, c = p.C + product * Batch.C + i * p.CRow;
                if (!p.Accumulate) new Span<T>(c, p.N).Clear();
                for (int k = 0; k < p.K; k++, a += p.ACol, b += p.BRow)
                {
                    T x = *a;
                    for (int j = 0; j < p.N; j++) c[j] += x * b[j * p.BCol];
                }
            }
        }
    }
}
