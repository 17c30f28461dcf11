using System.Reflection;
using DeepNet.Tests;
using Xunit.Sdk;

// Every test is checked for memory it does not give back. That takes one count of bytes per process, so tests run one at a
// time; the library uses all cores by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: LeakCheck]

namespace DeepNet.Tests;

/// <summary>
/// After a test: nobody may still hold memory that nobody held before, and the thread's modes must be as they were. What the
/// test class's constructor made counts as held before. A static that is meant to hold a tensor says so with
/// <see cref="HoldsMemoryAttribute"/> on the test or class that first touches it.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class LeakCheckAttribute : BeforeAfterTestAttribute
{
    private long live, limit;
    private bool wasRecording;

    /// <summary>The test that is running, as the check sees it.</summary>
    public static MethodInfo? Current { get; private set; }

    public override void Before(MethodInfo methodUnderTest)
    {
        Current = methodUnderTest;
        live = Memory.LiveBytes;
        limit = Memory.Limit;
        wasRecording = Autograd.IsEnabled;
    }

    public override void After(MethodInfo methodUnderTest)
    {
        Assert.True(Autograd.IsEnabled == wasRecording, "The test left recording in another state than it found it.");
        Assert.False(Anomaly.IsOn, "The test left anomaly detection on.");
        Assert.False(Memory.TrackOrigins, "The test left Memory.TrackOrigins on.");
        Assert.True(Memory.Limit == limit, "The test left another Memory.Limit.");
        Assert.Null(Devices.ThreadContext.Current.Scope);
        if (methodUnderTest.IsDefined(typeof(HoldsMemoryAttribute))
            || methodUnderTest.DeclaringType!.IsDefined(typeof(HoldsMemoryAttribute))) return;

        // Dearer measures only where the cheaper ones leave something.
        if (Memory.LiveBytes <= live) return;
        GC.Collect(0);
        Device.Cpu.Pool.Sweep();
        for (int i = 0; i < 3 && Memory.LiveBytes > live; i++)
        {
            Memory.Reclaim();
            GC.WaitForPendingFinalizers();
        }
        long grown = Memory.LiveBytes - live;
        Assert.True(
            grown <= 0, $"{grown} bytes are still held after the test. If a static holds them on purpose, mark the test "
                + $"[HoldsMemory].\n{Memory.Report()}");
    }
}

/// <summary>This test, or this class's first test, fills a static that keeps tensors: no leak check.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class HoldsMemoryAttribute : Attribute;
