namespace DeepNet.Devices.Cpu;

/// <summary><see cref="Gemm"/> for kernels that are generic over the element type, float or double.</summary>
internal static unsafe class AnyGemm
{
    public static void Run<T>(
        T* a, nint aRow, nint aCol, T* b, nint bRow, nint bCol, T* c, nint cRow, int m, int n, int k, bool accumulate) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            Gemm.Run((float*)a, aRow, aCol, (float*)b, bRow, bCol, (float*)c, cRow, m, n, k, accumulate);
        else
            Gemm.Run((double*)a, aRow, aCol, (double*)b, bRow, bCol, (double*)c, cRow, m, n, k, accumulate);
    }
}
