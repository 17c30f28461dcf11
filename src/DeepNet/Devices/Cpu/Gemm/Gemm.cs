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
    public static void Run<T>(
        T* a, nint aRow, nint aCol, T* b, nint bRow, nint bCol, T* c, nint cRow, int m, int n, int k, bool accumulate) where T : unmanaged
    {
        var problem = new Problem<T>
        {
            A = a, ARow = aRow, ACol = aCol, B = b, BRow = bRow, BCol = bCol, C = c, CRow = cRow, M = m, N = n, K = k,
            Accumulate = accumulate,
        };
        Run(problem, Batch.One);
    }

    /// <summary>A product, or a batch of them, of any numeric type; integers without an epilogue.</summary>
    public static void Run<T>(in Problem<T> problem, in Batch batch) where T : unmanaged
    {
        ref var p = ref Unsafe.AsRef(in problem);
        if (typeof(T) == typeof(int)) IntegerProduct.Run(in Unsafe.As<Problem<T>, Problem<int>>(ref p), batch);
        else if (typeof(T) == typeof(long)) IntegerProduct.Run(in Unsafe.As<Problem<T>, Problem<long>>(ref p), batch);
        else
            fixed (Problem<T>* pinned = &problem)
            {
                var call = new Call(pinned, batch);
                Simd.RunLanes(DTypes.Of<T>(), ref call);
            }
    }

    private readonly struct Call(void* problem, Batch apart) : ILanesBody
    {
        public void Run<TLanes, TVector, T>()
            where TLanes : ILanes<TVector, T> where TVector : unmanaged where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Product<TLanes, TVector, T>.Run(*(Problem<T>*)problem, apart);
    }
}
