using System.Runtime.InteropServices;

namespace DeepNet.Ilgpu;

/// <summary>Where drivers are found under other names than the one that ILGPU asks for.</summary>
internal static class NativeLibraries
{
    private static int isInstalled;

    /// <summary>What OpenCL's loader is called: the name without a number exists only where development files are installed.</summary>
    public static string[] OpenCLNames { get; } = OperatingSystem.IsWindows() ? ["OpenCL.dll"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"]
        : ["libOpenCL.so.1", "libOpenCL.so"];

    public static bool TryLoadOpenCL(out nint handle)
    {
        foreach (string name in OpenCLNames)
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
                => name.Contains("opencl", StringComparison.OrdinalIgnoreCase) && TryLoadOpenCL(out nint handle) ? handle : 0);
        }
        catch (InvalidOperationException)
        {
            // The program has a resolver of its own there, which may know better.
        }
    }
}
