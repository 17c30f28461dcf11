using System.Reflection;

namespace DeepNet.Tests;

/// <summary>Who checks the checker: it must find a tensor that is held, and it must run.</summary>
public class LeakCheckTests
{
    private static Tensor? held;

    private static MethodInfo Here => typeof(LeakCheckTests).GetMethod(nameof(Finds_a_tensor_that_is_still_held))!;

    [Fact]
    public void Finds_a_tensor_that_is_still_held()
    {
        var check = new LeakCheckAttribute();
        check.Before(Here);
        held = Tensor.Zeros(100);
        var error = Assert.ThrowsAny<Exception>(() => check.After(Here));
        Assert.Contains("448 bytes are still held", error.Message, StringComparison.Ordinal);
        Assert.Contains("float32 (100,)", error.Message, StringComparison.Ordinal);
        held = null;
        check.After(Here);
    }

    [Fact]
    public void Passes_what_was_dropped()
    {
        var check = new LeakCheckAttribute();
        check.Before(Here);
        for (int i = 0; i < 100; i++) _ = Tensor.Zeros(1000) + 1;
        check.After(Here);
    }
}
