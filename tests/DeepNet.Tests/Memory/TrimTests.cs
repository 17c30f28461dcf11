using System.Runtime.CompilerServices;
using DeepNet.Tests.Processes;

namespace DeepNet.Tests;

/// <summary>Memory that goes back to the system, and a managed heap that is full.</summary>
public class TrimTests
{
    private const string HardLimitVariable = "DOTNET_GCHeapHardLimit";

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
        await ChildProcess.Test($"FullyQualifiedName~{nameof(Goes_on_after_the_managed_heap_was_full)}", (HardLimitVariable, "0x8000000"));
    }

    [Fact]
    public void Goes_on_after_the_managed_heap_was_full()
    {
        if (Environment.GetEnvironmentVariable(HardLimitVariable) is null) return;
        for (int size = 16; size <= 4096; size *= 4) Exhaust(size);
        Memory.Reclaim();
        for (int i = 0; i < 200; i++) Assert.Equal(0, Tensor.Zeros(1000 + 50 * i).ToArray()[^1]);
        Memory.Reclaim();
        Memory.Trim();
        Assert.True(Memory.ReservedBytes < 16 << 20, $"{Memory.ReservedBytes} bytes are still reserved");
    }

    // In methods of their own: unoptimised code keeps what it has seen alive until it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(out long full)
    {
        var kept = Enumerable.Range(0, 100_000).Select(_ => Tensor.Ones(500)).ToArray();
        full = Resident();
        GC.KeepAlive(kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Exhaust(int size)
    {
        var kept = new List<Tensor>();
        Action fill = () =>
        {
            while (true) kept.Add(Tensor.Zeros(size));
        };
        Assert.Throws<OutOfMemoryException>(fill);
    }

    private static long Resident()
        => Environment.SystemPageSize * long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
