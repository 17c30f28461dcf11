using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace DeepNet.Ilgpu;

/// <summary>
/// Matrix products by NVIDIA's library, where it is installed: one function of it, on the device's own stream. Without it the tiled kernel
/// does them.
/// </summary>
internal sealed unsafe class CuBlas
{
    // cublasComputeType_t of cublas_api.h. Half types are summed in float32: CUBLAS_COMPUTE_32F with factors that are float32 too.
    private const int Compute32 = 68, Compute64 = 70, Compute32FastBf16 = 75, Compute32FastTf32 = 77;

    private static readonly Lock Gate = new();
    private static readonly nint Library = Load();
    private static readonly Dictionary<IlgpuDevice, CuBlas?> Opened = [];

    private readonly nint handle;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, long, nint, int, int, long, void*, nint, int, int, long, int, int, int, int> gemm;

    private CuBlas(IlgpuDevice device)
    {
        var create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(Library, "cublasCreate_v2");
        var setStream = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(Library, "cublasSetStream_v2");
        gemm = (delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, long, nint, int, int, long, void*, nint, int, int, long, int, int, int, int>)
            NativeLibrary.GetExport(Library, "cublasGemmStridedBatchedEx");
        device.Bind();
        nint opened;
        Check(create(&opened), "cublasCreate");
        handle = opened;
        Check(setStream(handle, ((CudaStream)device.Stream).StreamPtr), "cublasSetStream");
    }

    /// <summary>True if the library is installed.</summary>
    public static bool IsThere => Library != 0;

    /// <summary>How float32 products are computed.</summary>
    public static MatMulPrecision Precision { get; set; }

    private static nint Load()
    {
        string[] names = OperatingSystem.IsWindows()
            ? ["cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"]
            : ["libcublas.so.13", "libcublas.so.12", "libcublas.so.11"];
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "cublasGemmStridedBatchedEx", out _)) return library;
        return 0;
    }

    /// <summary>The library on a device; null where it is not installed or does not start.</summary>
    public static CuBlas? For(IlgpuDevice device)
    {
        if (Library == 0) return null;
        lock (Gate)
        {
            if (Opened.TryGetValue(device, out var blas)) return blas;
            try
            {
                _ = device.Accelerator;
                blas = new CuBlas(device);
            }
            catch (Exception e) when (e is InvalidOperationException or EntryPointNotFoundException)
            {
                blas = null;                             // an older driver than the library wants: the tiled kernel serves
            }
            return Opened[device] = blas;
        }
    }

    /// <summary>True for the layouts that the library knows: one axis of each operand dense, the other longer than it.</summary>
    public static bool Takes(in IlgpuDevice.Product p)
        => Takes(p.ARow, p.ACol, p.M, p.K) && Takes(p.BRow, p.BCol, p.K, p.N) && (p.CRow >= p.N || p.M == 1) && p.StepA >= 0 && p.StepB >= 0;

    private static bool Takes(nint row, nint column, int rows, int columns)
        => (column == 1 && row >= columns && row <= int.MaxValue) || (row == 1 && column >= rows && column <= int.MaxValue);

    /// <summary>c = a·b, c of the type of a and b, or float32 where they are of a half type. The library counts columns first, so it is told cᵀ = bᵀ·aᵀ.</summary>
    public void Multiply(DType operands, DType result, in IlgpuDevice.Product p, nint a, nint b, nint c)
    {
        bool isDouble = operands == DType.Float64;
        int type = TypeOf(operands), resultType = TypeOf(result);
        int compute = isDouble ? Compute64 : operands.IsHalf() ? Compute32 : Precision switch
        {
            MatMulPrecision.TensorFloat32 => Compute32FastTf32,
            MatMulPrecision.BFloat16 => Compute32FastBf16,
            _ => Compute32,
        };
        float one = 1, beta = p.Accumulate ? 1 : 0;
        double oneDouble = 1, betaDouble = beta;
        (int opA, int lineA) = p.ACol == 1 && p.ARow >= p.K ? (0, (int)p.ARow) : (1, (int)p.ACol);
        (int opB, int lineB) = p.BCol == 1 && p.BRow >= p.N ? (0, (int)p.BRow) : (1, (int)p.BCol);
        Check(gemm(
            handle, opB, opA, p.N, p.M, p.K, isDouble ? &oneDouble : &one, b, type, lineB, p.StepB, a, type, lineA, p.StepA,
            isDouble ? &betaDouble : &beta, c, resultType, (int)Math.Max(p.CRow, p.N), p.StepC, p.Count, compute, -1), "cublasGemmStridedBatchedEx");
    }

    /// <summary>cudaDataType of library_types.h: CUDA_R_32F, _64F, _16F and _16BF.</summary>
    private static int TypeOf(DType dtype) => dtype switch
    {
        DType.Float32 => 0,
        DType.Float64 => 1,
        DType.Float16 => 2,
        DType.BFloat16 => 14,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Not a type of cuBLAS."),
    };

    private static void Check(int status, string what)
    {
        if (status != 0) throw new InvalidOperationException($"[matmul] {what} failed with status {status}.");
    }
}
