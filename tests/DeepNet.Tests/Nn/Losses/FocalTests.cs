using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class FocalTests
{
    [Fact]
    public void With_gamma_0_it_is_the_cross_entropy()
    {
        var random = new Generator(2);
        var x = Tensor.Randn(new Shape(6, 4, 3), DType.Float64, generator: random);
        var labels = Tensor.RandInt(0, 4, new Shape(6, 3), generator: random);
        labels[2, 1] = -100;
        var weight = Tensor.From(1, 0.5, 2, 3.0);
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            foreach (double smoothing in new[] { 0, 0.2 })
            {
                double[] expected = Loss.CrossEntropy(x, labels, weight, reduction, smoothing).ToArray<double>();
                double[] actual = Loss.FocalCrossEntropy(x, labels, weight, 0, reduction, smoothing).ToArray<double>();
                for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-13);
            }
        }
        var signs = Tensor.RandInt(0, 2, x.Shape, generator: random).To(DType.Float64);
        Assert.Equal(Loss.BceWithLogits(x, signs).Item<double>(), Loss.Focal(x, signs, alpha: null, gamma: 0).Item<double>(), 1e-14);
    }

    [Fact]
    public void Two_classes_are_the_binary_loss()
    {
        var z = Ops.Sample.Values(7);
        var labels = Tensor.From<long>(0, 1, 1, 0, 1, 0, 0);
        double two = Loss.FocalCrossEntropy(Tensor.Stack([Tensor.ZerosLike(z), z], 1), labels, gamma: 1.5).Item<double>();
        Assert.Equal(Loss.Focal(z, labels, alpha: null, gamma: 1.5).Item<double>(), two, 1e-14);
    }

    [Fact]
    public void What_is_certain_costs_nothing_and_has_a_gradient_of_zero()
    {
        var x = Tensor.From<double>([800, 0, -800, 0, 0, 0], new Shape(2, 3)).WithGrad();
        var losses = Loss.FocalCrossEntropy(x, Tensor.From<long>(0, 1), reduction: Reduction.None);
        Assert.Equal([0, 4.0 / 9 * Math.Log(3)], losses.ToArray<double>().Select(v => Math.Round(v, 14)), Near);
        losses.Sum().Backward();
        Assert.All(x.Grad!.ToArray<double>()[..3], g => Assert.Equal(0, g));

        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-13;
    }

    [Fact]
    public void Second_derivatives_are_right()
    {
        var labels = Tensor.From<long>(0, 2, 1, 3);
        GradCheck.SecondOrder(x => Loss.FocalCrossEntropy(x[0], labels, labelSmoothing: 0.1), Ops.Sample.Values(4, 4).WithGrad());
        var soft = Ops.Sample.Positive(4, 3).Softmax(1);
        GradCheck.SecondOrder(x => Loss.FocalCrossEntropy(x[0], soft, gamma: 3), Ops.Sample.Values(4, 3).WithGrad());
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        Assert.StartsWith("[focal_cross_entropy] label 3 at index 1 is out of range", Assert.Throws<ArgumentException>(
            () => Loss.FocalCrossEntropy(Tensor.Zeros(2, 3), Tensor.From<long>(0, 3))).Message);
        Assert.Contains("gamma is -1, it must not be negative", Assert.Throws<ArgumentOutOfRangeException>(
            () => Loss.FocalCrossEntropy(Tensor.Zeros(2, 3), Tensor.From<long>(0, 1), gamma: -1)).Message);
    }
}
