using System.Runtime.CompilerServices;

namespace DeepNet.Tests;

/// <summary>Tests of the leak check itself: it must find a tensor that is held, and it must run.</summary>
public class LeakCheckTests
{
    private static Tensor? held;

    [Fact]
    public void Runs_around_every_test()
        => Assert.Equal(nameof(Runs_around_every_test), LeakCheckAttribute.Current?.Name);

    [Fact]
    public void Finds_a_tensor_that_is_still_held()
    {
        var here = LeakCheckAttribute.Current!;
        var check = new LeakCheckAttribute();
        Memory.Reclaim();       // what earlier tests dropped would count as held before
        check.Before(here);
        Hold();
        var error = Assert.ThrowsAny<Exception>(() => check.After(here));
        Assert.Contains("448 bytes are still held", error.Message, StringComparison.Ordinal);
        Assert.Contains("float32 (100,)", error.Message, StringComparison.Ordinal);
        held = null;
        check.After(here);
    }

    [Fact]
    public void Passes_what_was_dropped()
    {
        var here = LeakCheckAttribute.Current!;
        var check = new LeakCheckAttribute();
        check.Before(here);
        Drop();
        check.After(here);
    }

    // In methods of their own: unoptimised code keeps what it has seen alive until it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Hold() => held = Tensor.Zeros(100);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop()
    {
        for (int i = 0; i < 100; i++) _ = Tensor.Zeros(1000) + 1;
    }
}
