using System.Numerics;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Matrix products on raw memory, with the widest vectors that the machine has. Results are bit-identical for any number of threads.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>
    /// C = A·B, or C += A·B with <paramref name="accumulate"/>, where A is m × k, B is k × n. The strides of A and B, in elements, are
    /// free, zero and negative included; the rows of C are contiguous and overlap neither A nor B. With k = 0 the product is zero.
    /// </summary>
    public static void Run(
        float* a, nint aRow, nint aCol, float* b, nint bRow, nint bCol, float* c, nint cRow, int m, int n, int k, bool accumulate)
        => Batched(a, 0, aRow, aCol, b, 0, bRow, bCol, c, 0, cRow, 1, m, n, k, accumulate);

    /// <inheritdoc cref="Run(float*, nint, nint, float*, nint, nint, float*, nint, int, int, int, bool)"/>
    public static void Run(
        double* a, nint aRow, nint aCol, double* b, nint bRow, nint bCol, double* c, nint cRow, int m, int n, int k, bool accumulate)
        => Batched(a, 0, aRow, aCol, b, 0, bRow, bCol, c, 0, cRow, 1, m, n, k, accumulate);

    /// <summary>A product, or a batch of them, of any numeric type; integers without an epilogue.</summary>
    public static void Run<T>(in Problem<T> problem, in Batch batch) where T : unmanaged
    {
        ref var p = ref Unsafe.AsRef(in problem);
        if (typeof(T) == typeof(float)) Run(in Unsafe.As<Problem<T>, Problem<float>>(ref p), batch);
        else if (typeof(T) == typeof(double)) Run(in Unsafe.As<Problem<T>, Problem<double>>(ref p), batch);
        else if (typeof(T) == typeof(int)) IntegerProduct.Run(in Unsafe.As<Problem<T>, Problem<int>>(ref p), batch);
        else IntegerProduct.Run(in Unsafe.As<Problem<T>, Problem<long>>(ref p), batch);
    }

    /// <summary>
    /// As <see cref="Run(float*, nint, nint, float*, nint, nint, float*, nint, int, int, int, bool)"/> for <paramref name="batch"/>
    /// products whose matrices are aBatch, bBatch and cBatch elements apart; 0 for A or B uses one matrix for all.
    /// </summary>
    public static void Batched(
        float* a, nint aBatch, nint aRow, nint aCol, float* b, nint bBatch, nint bRow, nint bCol, float* c, nint cBatch, nint cRow,
        int batch, int m, int n, int k, bool accumulate)
    {
        var problem = new Problem<float>
        {
            A = a, ARow = aRow, ACol = aCol, B = b, BRow = bRow, BCol = bCol, C = c, CRow = cRow, M = m, N = n, K = k,
            Accumulate = accumulate,
        };
        Run(problem, new Batch(batch, aBatch, bBatch, cBatch));
    }

    private static void Run(in Problem<float> problem, in Batch apart) => Dispatch(problem, apart);

    /// <inheritdoc cref="Batched(float*, nint, nint, nint, float*, nint, nint, nint, float*, nint, nint, int, int, int, int, bool)"/>
    public static void Batched(
        double* a, nint aBatch, nint aRow, nint aCol, double* b, nint bBatch, nint bRow, nint bCol, double* c, nint cBatch, nint cRow,
        int batch, int m, int n, int k, bool accumulate)
    {
        var problem = new Problem<double>
        {
            A = a, ARow = aRow, ACol = aCol, B = b, BRow = bRow, BCol = bCol, C = c, CRow = cRow, M = m, N = n, K = k,
            Accumulate = accumulate,
        };
        Run(problem, new Batch(batch, aBatch, bBatch, cBatch));
    }

    private static void Run(in Problem<double> problem, in Batch apart) => Dispatch(problem, apart);

    private static void Dispatch<TElement>(in Problem<TElement> problem, in Batch apart) where TElement : unmanaged
    {
        fixed (Problem<TElement>* pinned = &problem)
        {
            var call = new Call(pinned, apart);
            Simd.RunLanes(DTypes.Of<TElement>(), ref call);
        }
    }

    private readonly struct Call(void* problem, Batch apart) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Product<TLanes, TVector, T>.Run(*(Problem<T>*)problem, apart);
    }
}
