namespace DeepNet.Devices.Cpu;

/// <summary>An algorithm for one matrix of a batch. It may use <see cref="Scratch.GetOuter"/> and matrix products.</summary>
internal interface IMatrixBody
{
    /// <summary>Runs the algorithm for the matrix at a place of the batch.</summary>
    /// <typeparam name="V">The vectors.</typeparam>
    /// <typeparam name="T">The element type in memory: float or double.</typeparam>
    void Run<V, T>(nint index) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>
/// Runs an algorithm for each matrix of a batch: small ones are dealt out to the threads, of large ones one after the other lets its
/// products use the threads. What is computed is the same in both ways.
/// </summary>
internal static unsafe class EachMatrix
{
    private const double Grain = 1 << 15;

    /// <summary>Runs the algorithm.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="count">The number of matrices.</param>
    /// <param name="work">About how many multiply-adds one takes.</param>
    /// <param name="body">The algorithm and the addresses of its operands.</param>
    /// <param name="operands">The operands, which are kept alive until then.</param>
    public static void Run<TBody>(DType dtype, nint count, double work, TBody body, params ReadOnlySpan<Tensor> operands)
        where TBody : unmanaged, IMatrixBody
    {
        var call = new Call<TBody>(&body, count, work);
        Simd.Run(dtype, ref call);
        Tensor.KeepAlive(operands);
    }

    private readonly struct Call<TBody>(TBody* body, nint count, double work) : ISimdBody where TBody : unmanaged, IMatrixBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var part = new Part<TBody, V, T>(body);
            if (work >= 64 * Grain && count < 4 * WorkerPool.Threads) part.Run(0, count);
            else WorkerPool.For(count, (nint)(Grain / Math.Max(work, 1)) + 1, ref part);
        }
    }

    private readonly struct Part<TBody, V, T>(TBody* body) : IParallelBody
        where TBody : unmanaged, IMatrixBody where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++) body->Run<V, T>(i);
        }
    }
}
