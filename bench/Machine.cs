using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeepNet.Bench;

internal static class Machine
{
    /// <summary>One line that says what the figures were measured on.</summary>
    public static string Describe(int threads) => $"{Processor()}; {threads} thread(s)";

    /// <summary>The same without the threads.</summary>
    public static string Processor()
    {
        string processor = "unknown processor";
        if (File.Exists("/proc/cpuinfo"))
            processor = File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? processor;
        string simd = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128";
        return $"{processor}, {Environment.ProcessorCount} processors, {simd}-bit vectors, {RuntimeInformation.FrameworkDescription}, "
            + RuntimeInformation.OSDescription;
    }
}
