using System.Runtime.InteropServices;

namespace DeepNet.Ilgpu;

/// <summary>Finds drivers under other names than the one that ILGPU asks for.</summary>
internal static class NativeLibraries
{
    private static int isInstalled;

    /// <summary>Gets the names of OpenCL's loader: the one without a number exists only where development files are installed.</summary>
    public static string[] OpenCLNames { get; } = OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    /// <summary>
    /// Gets the names of NVIDIA's driver. On Linux the one without a number is missing in many containers, which get the driver's files
    /// from their host.
    /// </summary>
    public static string[] CudaNames { get; } = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];

    public static bool TryLoadOpenCL(out nint handle) => TryLoad(OpenCLNames, out handle);

    public static bool TryLoadCuda(out nint handle) => TryLoad(CudaNames, out handle);

    private static bool TryLoad(string[] names, out nint handle)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out handle)) return true;
        handle = 0;
        return false;
    }

    public static void Install()
    {
        if (Interlocked.Exchange(ref isInstalled, 1) != 0) return;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, (name, _, _)
                => (name.Contains("opencl", StringComparison.OrdinalIgnoreCase) && TryLoadOpenCL(out nint handle))
                    || (name is "cuda" or "nvcuda" && TryLoadCuda(out handle)) ? handle : 0);
        }
        catch (InvalidOperationException)
        {
            // The program has a resolver of its own there, which may know better.
        }
    }
}
