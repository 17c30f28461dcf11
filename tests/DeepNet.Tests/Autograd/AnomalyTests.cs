using DeepNet.Devices;

namespace DeepNet.Tests;

/// <summary>The first NaN or infinity is found where it was made.</summary>
public class AnomalyTests
{
    private static Tensor Leaf(params float[] values) => Tensor.From<float>(values).WithGrad();

    [Fact]
    public void Names_the_operator_that_made_it()
    {
        using var detection = Anomaly.Detect();
        var error = Assert.Throws<AnomalyException>(() => Tensor.From<float>(1, -1, 0).Log());
        Assert.Equal("log", error.OperatorName);
        Assert.Null(error.ModulePath);
        Assert.Contains(
            "[log] produced 1 NaN and 1 infinite of 3 values in a result of shape (3,)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_so_if_the_input_was_bad_already()
    {
        var x = Tensor.From<float>(1, float.NaN);
        using var detection = Anomaly.Detect();
        var error = Assert.Throws<AnomalyException>(() => Tensor.Ones(2) + x);
        Assert.Contains("Input 1, of shape (2,), already has 1 NaN and 0 infinite of 2 values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_derivative_and_the_module()
    {
        using var detection = Anomaly.Detect();
        var x = Leaf(4, 0);
        var thread = ThreadContext.Current;
        thread.ModulePath = "net.norm";
        var y = x.Sqrt();
        thread.ModulePath = null;
        var error = Assert.Throws<AnomalyException>(() => (y * 2).Backward(Tensor.Ones(2)));
        Assert.Equal("sqrt", error.OperatorName);
        Assert.Equal("net.norm", error.ModulePath);
        Assert.Contains(
            "[sqrt] in net.norm produced 0 NaN and 1 infinite of 2 values in the gradient of shape (2,) for leaf", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_upstream_gradient()
    {
        using var detection = Anomaly.Detect();
        var error = Assert.Throws<AnomalyException>(() => (Leaf(1) * 2).Backward(Tensor.From<float>(float.NaN)));
        Assert.Contains("[backward] was started with 1 NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_off_again_after_the_last_region()
    {
        var outer = Anomaly.Detect();
        var inner = Anomaly.Detect();
        outer.Dispose();
        outer.Dispose();
        Assert.True(Anomaly.IsOn);
        inner.Dispose();
        Assert.False(Anomaly.IsOn);
        Assert.True(float.IsNaN(Tensor.From<float>(-1).Log().Item()));
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Every_floating_type_is_looked_at(DType dtype)
    {
        var x = Tensor.Full(new Shape(3, 2), double.NegativeInfinity, dtype);
        Assert.False(FiniteScan.IsClean(x.T));
        Assert.Equal("0 NaN and 6 infinite of 6 values", FiniteScan.Describe(x.T));
        Assert.True(FiniteScan.IsClean(Tensor.Zeros(new Shape(3), dtype)));
    }

    [Fact]
    public void Integers_and_nothing_are_clean()
    {
        Assert.True(FiniteScan.IsClean(Tensor.Full(new Shape(3), long.MaxValue, DType.Int64)));
        Assert.True(FiniteScan.IsClean(Tensor.Zeros(0)));
    }

    [Fact]
    public void The_last_element_of_a_long_tensor_counts()
    {
        var values = new float[(1 << 20) + 3];
        values[^1] = float.NaN;
        Assert.False(FiniteScan.IsClean(Tensor.From<float>(values)));
    }

    [Fact]
    public void A_good_step_passes()
    {
        using var detection = Anomaly.Detect();
        var x = Leaf(1, 2);
        (x.Exp() * x.Sin()).Backward(Tensor.Ones(2));
        Assert.NotNull(x.Grad);
    }
}
