using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace DeepNet.Ilgpu;

/// <summary>
/// Matrix products by NVIDIA's library, where it is installed: one function of it, on the device's own stream. Without it the tiled kernel
/// does them.
/// </summary>
internal sealed unsafe class CuBlas
{
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

    /// <summary>c = a·b, c of the type of a and b, or float32 where they are of a half type.</summary>
    public void Multiply(DType operands, DType result, in IlgpuDevice.Product p, nint a, nint b, nint c)
    {
        var call = CuBlasCall.Of(operands, result, p, Precision);
        float one = 1, beta = p.Accumulate ? 1 : 0;
        double oneDouble = 1, betaDouble = beta;
        bool isDouble = operands == DType.Float64;
        Check(gemm(
            handle, call.OpFirst, call.OpSecond, call.Rows, call.Columns, call.Depth, isDouble ? &oneDouble : &one, b, call.Type, call.LineFirst, call.StepFirst,
            a, call.Type, call.LineSecond, call.StepSecond, isDouble ? &betaDouble : &beta, c, call.ResultType, call.LineResult, call.StepResult, call.Count,
            call.Compute, CuBlasCall.AnyAlgorithm), "cublasGemmStridedBatchedEx");
    }

    private static void Check(int status, string what)
    {
        if (status != 0) throw new InvalidOperationException($"[matmul] {what} failed with status {status}.");
    }
}
