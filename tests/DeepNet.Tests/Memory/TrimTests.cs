using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using DeepNet.Tests.Processes;

namespace DeepNet.Tests;

/// <summary>Memory that goes back to the system, and a managed heap that is full.</summary>
public class TrimTests
{
    [Fact]
    public void Small_blocks_go_back_to_the_system()
    {
        if (!OperatingSystem.IsLinux()) return;
        Fill(out long full);
        Memory.Reclaim();
        Memory.Trim();
        long left = Resident();
        Assert.True(full - left > 150L << 20, $"{full >> 20} MiB were resident, {left >> 20} MiB still are");
    }

    [Fact]
    [Trait(ChildProcess.Trait, ChildProcess.Children)]
    public async Task A_full_managed_heap_leaves_the_pool_usable()
    {
        if (ChildProcess.IsChild) return;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DeepNet.FullHeap.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.EndsWith(" tensors, 0 bytes live, 0 reserved", text.TrimEnd(), StringComparison.Ordinal);
    }

    // In a method of its own: unoptimised code keeps what it has seen alive until it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(out long full)
    {
        var kept = Enumerable.Range(0, 100_000).Select(_ => Tensor.Ones(500)).ToArray();
        full = Resident();
        GC.KeepAlive(kept);
    }

    private static long Resident()
        => Environment.SystemPageSize * long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
}
