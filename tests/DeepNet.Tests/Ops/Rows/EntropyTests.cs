using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

public class EntropyTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 7)]
    [InlineData(2, 40)]
    [InlineData(2, 3000)]
    [InlineData(2, 3, 5)]
    public void Is_the_definition_along_any_axis(params int[] shape)
    {
        var p = Sample.Positive(shape);
        for (int axis = 0; axis < p.Rank; axis++)
        {
            double[] expected = (-(p * p.Log()).Sum(axis)).ToArray<double>();
            Naive.AssertClose(expected, p.Entropy(axis), 1e-12);
            Naive.AssertClose(expected, p.To(DType.Float32).Entropy(axis - p.Rank, keepDim: true), 1e-3);
        }
    }

    [Fact]
    public void Of_equal_probabilities_is_the_logarithm_of_their_number()
    {
        Assert.Equal(Math.Log(8), Tensor.Full(new Shape(8), 0.125, DType.Float64).Entropy(0).Item<double>(), 1e-15);
        Assert.Equal(1.2798542258336674, Tensor.From(0.1, 0.2, 0.3, 0.4).Entropy(0).Item<double>(), 1e-15);
    }

    [Fact]
    public void Certainty_has_none_and_a_finite_gradient()
    {
        var p = Tensor.From<double>(0, 1, 0).WithGrad();
        var h = p.Entropy(0);
        Assert.Equal(0, h.Item<double>());
        h.Backward();
        Assert.Equal([0, -1, 0], p.Grad!.ToArray<double>());
        var logits = Tensor.From<float>(0, 1000, -1000).WithGrad();
        logits.Softmax(0).Entropy(0).Backward();
        Assert.Equal([0, 0, 0], logits.Grad!.ToArray<double>());
    }

    [Fact]
    public void Nothing_has_none_and_negative_numbers_have_no_entropy()
    {
        Assert.Equal([0, 0], Tensor.Zeros(2, 0).Entropy(1).ToArray<double>());
        Assert.Empty(Tensor.Zeros(0, 3).Entropy(1).ToArray<double>());
        Assert.True(double.IsNaN(Tensor.From(0.5, -0.5).Entropy(0).Item<double>()));
        Assert.Contains("[entropy]", Assert.Throws<ArgumentException>(() => Tensor.From<int>(1, 2).Entropy(0)).Message);
    }
}
