using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>Matrix products of integers: exact, wrapping on overflow, and rare enough for a plain loop.</summary>
internal static unsafe class IntegerProduct
{
    /// <summary>Multiply-adds that are worth a thread.</summary>
    private const long Grain = 1 << 16;

    public static void Run<T>(T* a, T* b, T* c, in MatrixBatch batch, int count, bool accumulate) where T : unmanaged, IBinaryInteger<T>
    {
        var body = new Body<T> { A = a, B = b, C = c, Batch = batch, Accumulate = accumulate };
        WorkerPool.For((nint)count * batch.M, (nint)(Grain / Math.Max(1, (long)batch.N * batch.K) + 1), ref body);
    }

    private struct Body<T> : IParallelBody where T : unmanaged, IBinaryInteger<T>
    {
        public T* A, B, C;
        public MatrixBatch Batch;
        public bool Accumulate;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint row = from; row < to; row++)
            {
                nint product = row / Batch.M, i = row % Batch.M;
                T* a = A + product * Batch.Nest.InnerStride(0) + i * Batch.ARow;
                T* b = B + product * Batch.Nest.InnerStride(1);
                T* c = C + product * Batch.Nest.InnerStride(2) + i * Batch.CRow;
                if (!Accumulate) new Span<T>(c, Batch.N).Clear();
                for (int p = 0; p < Batch.K; p++, a += Batch.ACol, b += Batch.BRow)
                {
                    T x = *a;
                    for (int j = 0; j < Batch.N; j++) c[j] += x * b[j * Batch.BCol];
                }
            }
        }
    }
}
