namespace DeepNet.Analysis.Tests.Features;

public class PcaTests
{
    [Fact]
    public void Data_along_a_line_have_one_component()
    {
        var x = Tensor.From(new double[,] { { 0, 0 }, { 3, 4 }, { 6, 8 }, { -3, -4 } });
        var pca = Pca.Fit(x);
        Assert.Equal(0.6, pca.Component(0)[0], 1e-12);
        Assert.Equal(0.8, pca.Component(0)[1], 1e-12);
        Assert.Equal(1, pca.ExplainedRatio[0], 1e-12);
        Assert.Equal(0, pca.ExplainedVariance[1], 1e-12);
        Assert.Equal([1.5, 2], pca.Mean);
    }

    [Fact]
    public void Against_a_known_covariance()
    {
        // Standard deviations 3, 1 and 0.2, turned about the third axis by 30 degrees.
        double c = Math.Cos(Math.PI / 6), s = Math.Sin(Math.PI / 6);
        var z = Tensor.Randn(new Shape(20000, 3), DType.Float64, generator: new Generator(8)) * Tensor.From(3.0, 1.0, 0.2);
        var x = z.MatMul(Tensor.From(new double[,] { { c, s, 0 }, { -s, c, 0 }, { 0, 0, 1 } })) + 5;
        var pca = Pca.Fit(x);
        Assert.Equal(9, pca.ExplainedVariance[0], 0.3);
        Assert.Equal(1, pca.ExplainedVariance[1], 0.03);
        Assert.Equal(0.04, pca.ExplainedVariance[2], 0.002);
        Assert.Equal(c, pca.Component(0)[0], 0.01);
        Assert.Equal(s, pca.Component(0)[1], 0.01);
    }

    [Fact]
    public void Singular_values_of_the_centred_data_are_its_variances()
    {
        // numpy: x = sin(arange(12)).reshape(4, 3); s = svd(x - x.mean(0)).
        double[] singular = Singular;
        var x = Tensor.From<double>([.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))], new Shape(4, 3));
        var pca = Pca.Fit(x);
        for (int i = 0; i < 3; i++) Assert.Equal(singular[i] * singular[i] / 3, pca.ExplainedVariance[i], 1e-12);
    }

    private static readonly double[] Singular = [2.4194030243700415, 0.3442131838891672, 1.279135407131297e-16];

    [Theory]
    [InlineData(40, 6)]
    [InlineData(6, 40)]
    [InlineData(5, 5)]
    public void Back_and_forth_with_all_components_is_exact(int examples, int features)
    {
        var x = Tensor.Randn(new Shape(examples, features), DType.Float64, generator: new Generator(4)) + 3;
        var pca = Pca.Fit(x);
        var back = pca.Inverse(pca.Transform(x)).ToArray<double>();
        foreach (var (expected, actual) in x.ToArray<double>().Zip(back)) Assert.Equal(expected, actual, 1e-11);
        for (int i = 0; i < pca.Count; i++)
            for (int j = 0; j <= i; j++) Assert.Equal(i == j ? 1 : 0, pca.Component(i).Zip(pca.Component(j), (a, b) => a * b).Sum(), 1e-10);
        Assert.Equal(1, pca.ExplainedRatio.Sum(), 1e-12);
    }

    [Fact]
    public void Places_have_the_variances_of_the_components_and_no_correlation()
    {
        var x = Tensor.Randn(new Shape(100, 4), DType.Float64, generator: new Generator(4)) * Tensor.From(1.0, 2.0, 3.0, 4.0);
        var pca = Pca.Fit(x, components: 2);
        var places = pca.Transform(x).T.ToMatrix<double>();
        double Product(int a, int b) => Enumerable.Range(0, 100).Sum(i => places[a, i] * places[b, i]) / 99;
        Assert.Equal(pca.ExplainedVariance[0], Product(0, 0), 1e-10);
        Assert.Equal(pca.ExplainedVariance[1], Product(1, 1), 1e-10);
        Assert.Equal(0, Product(0, 1), 1e-10);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Contains("Flatten", Assert.Throws<ArgumentException>(() => Pca.Fit(Tensor.Ones(2, 3, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => Pca.Fit(Tensor.Ones(1, 3))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "between 1 and 2", Assert.Throws<ArgumentOutOfRangeException>(() => Pca.Fit(Tensor.Ones(2, 3), 3)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "NaN", Assert.Throws<ArgumentException>(() => Pca.Fit(Tensor.Ones(2, 3) * double.NaN)).Message, StringComparison.Ordinal);
        var pca = Pca.Fit(Tensor.Randn(5, 3));
        Assert.Contains("3", Assert.Throws<ArgumentException>(() => pca.Transform(Tensor.Ones(2, 4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_never_change_explain_nothing()
    {
        var pca = Pca.Fit(Tensor.Ones(3, 2));
        Assert.Equal([0, 0], pca.ExplainedRatio);
    }
}
