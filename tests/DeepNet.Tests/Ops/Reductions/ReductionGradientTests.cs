using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

/// <summary>Gradients at points where finite differences are no judge: kinks, zeros, infinities.</summary>
public sealed class ReductionGradientTests
{
    private static float[] Gradient(Func<Tensor, Tensor> function, params float[] at)
    {
        var x = Tensor.From<float>(at).WithGrad();
        function(x).Sum().Backward();
        return x.Grad!.ToArray();
    }

    [Fact]
    public void Norms_have_gradient_zero_at_zero()
    {
        foreach (double p in (double[])[0.5, 1, 1.5, 2, 3])
            Assert.Equal([0, 0, 0], Gradient(x => x.Norm(p), 0, 0, 0));
        Assert.Equal([0.6f, 0, 0.8f], Gradient(x => x.Norm(), 3, 0, 4));
        Assert.Equal([1, 0, -1], Gradient(x => x.Norm(1), 3, 0, -4));
        Assert.Equal([0, -0.5f, 0.5f], Gradient(x => x.Norm(double.PositiveInfinity), 3, -4, 4));
    }

    [Fact]
    public void Second_derivative_of_the_norm_at_zero_is_no_NaN()
    {
        var x = Tensor.From<double>(0, 0).WithGrad();
        x.Norm().Backward(createGraph: true);
        var g = x.Grad!;
        x.Grad = null;
        g.Sum().Backward();
        Assert.Equal([0.0, 0.0], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void Standard_deviation_of_equal_numbers_has_gradient_zero() => Assert.Equal([0, 0, 0], Gradient(x => x.Std(), 2, 2, 2));

    [Fact]
    public void Products_with_zeros()
    {
        Assert.Equal([0, 6, 0], Gradient(x => x.Prod(), 2, 0, 3));
        Assert.Equal([0, 0, 0], Gradient(x => x.Prod(), 0, 0, 3));
        // torch.cumprod of (2, 0, 3, 4): d/dx1 = 2 + 2·3 + 2·3·4
        Assert.Equal([1, 32, 0, 0], Gradient(x => x.CumProd(0), 2, 0, 3, 4));
        Assert.Equal([1, 2, 0, 0], Gradient(x => x.CumProd(0), 2, 0, 0, 4));
    }

    [Fact]
    public void Second_derivative_of_a_product_with_zeros()
    {
        // x·y·z at (0, 0, 5): the only second derivative that is not zero is that by x and y.
        var x = Tensor.From<double>(0, 0, 5).WithGrad();
        x.Prod().Backward(createGraph: true);
        var g = x.Grad!;
        x.Grad = null;
        g.Backward(Tensor.From<double>(1, 0, 0));
        Assert.Equal([0.0, 5, 0], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void Ties_share_evenly_along_axes()
    {
        var x = Tensor.From<float>([1, 2, 2, 3, 3, 3], new Shape(2, 3)).WithGrad();
        x.Max(1).Backward(Tensor.From(1f, 3f));
        Assert.Equal([0, 0.5f, 0.5f, 1, 1, 1], x.Grad!.ToArray());
    }

    [Fact]
    public void Running_sums_are_exact_in_long_rows()
    {
        // In float32 all the way, ten million tenths would be off by 8 %.
        var x = Tensor.Full(new Shape(10_000_000), 0.1f);
        Assert.Equal(1e6f, x.CumSum(0).Max().Item(), 1f);
    }
}
