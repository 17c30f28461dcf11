using System.Globalization;
using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace DeepNet.Ilgpu;

/// <summary>
/// Matrix products by NVIDIA's library, where it is installed: two functions of it, on the device's own stream. Without it the tiled kernel
/// does them.
/// </summary>
internal sealed unsafe class CuBlas
{
    private static readonly Lock Gate = new();
    private static readonly nint Library = Load();
    private static readonly Dictionary<IlgpuDevice, CuBlas?> Opened = [];

    private readonly nint handle;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, nint, int, int, void*, nint, int, int, int,
        int, int> one;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, long, nint, int, int, long, void*, nint,
        int, int, long, int, int, int, int> many;

    private CuBlas(IlgpuDevice device)
    {
        var create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(Library, "cublasCreate_v2");
        var setStream = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(Library, "cublasSetStream_v2");
        one = (delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, nint, int, int, void*, nint, int, int, int, int,
            int>)NativeLibrary.GetExport(Library, "cublasGemmEx");
        many = (delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, long, nint, int, int, long, void*, nint, int,
            int, long, int, int, int, int>)
            NativeLibrary.GetExport(Library, "cublasGemmStridedBatchedEx");
        device.Bind();
        nint opened;
        Check(create(&opened), "cublasCreate");
        handle = opened;
        Check(setStream(handle, ((CudaStream)device.Stream).StreamPtr), "cublasSetStream");
    }

    /// <summary>True if the library is installed.</summary>
    public static bool IsThere => Library != 0;

    /// <summary>Gets or sets the precision of float32 products.</summary>
    public static MatMulPrecision Precision { get; set; }

    private static nint Load()
    {
        foreach (string folder in Folders())
            foreach (int version in (int[])[13, 12, 11])
            {
                // what it needs itself lies beside it
                if (folder.Length > 0) NativeLibrary.TryLoad(Path.Combine(folder, FileName("cublasLt", version)), out _);
                if (NativeLibrary.TryLoad(Path.Combine(folder, FileName("cublas", version)), out nint library)
                    && NativeLibrary.TryGetExport(library, "cublasGemmStridedBatchedEx", out _))
                    return library;
            }
        return 0;
    }

    // Where the loader looks by itself, then where NVIDIA's installers put it and tell the loader nothing of it.
    private static IEnumerable<string> Folders()
    {
        yield return "";
        string[] below = OperatingSystem.IsWindows() ? [Path.Combine("bin", "x64"), "bin"] : ["lib64"];
        foreach (string? root in (string?[])[Environment.GetEnvironmentVariable("CUDA_PATH"),
            Environment.GetEnvironmentVariable("CUDA_HOME"), OperatingSystem.IsWindows() ? null : "/usr/local/cuda"])
            if (!string.IsNullOrEmpty(root))
                foreach (string folder in below) yield return Path.Combine(root, folder);
    }

    private static string FileName(string library, int version)
        => OperatingSystem.IsWindows() ? string.Create(CultureInfo.InvariantCulture, $"{library}64_{version}.dll")
        : string.Create(CultureInfo.InvariantCulture, $"lib{library}.so.{version}");

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
        float alpha = 1, beta = p.Accumulate ? 1 : 0;
        double alphaDouble = alpha, betaDouble = beta;
        bool isDouble = operands == DType.Float64;
        void* times = isDouble ? &alphaDouble : &alpha, plus = isDouble ? &betaDouble : &beta;
        if (call.Count == 1)
            // The library has more ways to do one product than a batch of one, splitting its sums among them.
            Check(one(
                handle, call.OpFirst, call.OpSecond, call.Rows, call.Columns, call.Depth, times, b, call.Type, call.LineFirst, a,
                call.Type, call.LineSecond,
                plus, c, call.ResultType, call.LineResult, call.Compute, CuBlasCall.AnyAlgorithm), "cublasGemmEx");
        else
            Check(many(
                handle, call.OpFirst, call.OpSecond, call.Rows, call.Columns, call.Depth, times, b, call.Type, call.LineFirst,
                call.StepFirst,
                a, call.Type, call.LineSecond, call.StepSecond, plus, c, call.ResultType, call.LineResult, call.StepResult, call.Count,
                call.Compute, CuBlasCall.AnyAlgorithm), "cublasGemmStridedBatchedEx");
    }

    private static void Check(int status, string what)
    {
        if (status != 0) throw new InvalidOperationException($"[matmul] {what} failed with status {status}.");
    }
}
