namespace DeepNet.Analysis.Tests.Explanations;

public class PermutationImportanceTests
{
    private static double Score(Tensor prediction, Tensor y) => -(prediction - y).Square().Mean().Item<double>();

    [Fact]
    public void A_feature_counts_for_twice_its_variance_in_the_prediction_and_an_unused_one_for_nothing()
    {
        var x = Tensor.Randn(new Shape(4000, 3), DType.Float64, generator: new Generator(1)) * Tensor.From<double>(1, 1, 2);
        static Tensor Model(Tensor x) => 3 * x.Select(1, 0) - x.Select(1, 2);
        var y = Model(x);
        var found = PermutationImportance.Of(Model, x, y, Score, repeats: 8);
        Assert.Equal(0, found.Score);
        double[] variances = [.. x.Var(0).ToArray<double>()];
        Assert.Equal(2 * 9 * variances[0], found.Means[0], 1.0);          // a standard error of about 0.15
        Assert.Equal(0, found.Means[1]);
        Assert.Equal(0, found.Deviations[1]);
        Assert.Equal(2 * variances[2], found.Means[2], 0.5);
        Assert.InRange(found.Deviations[0], 1e-3, 1);
    }

    [Fact]
    public void The_same_generator_gives_the_same_numbers_and_inputs_stay_as_they_are()
    {
        var x = Tensor.Randn(new Shape(20, 2), DType.Float64, generator: new Generator(2));
        double[] before = x.ToArray<double>();
        PermutationImportance Run() => PermutationImportance.Of(v => v.Sum(1), x, x.Sum(1), Score, generator: new Generator(5));
        Assert.Equal(Run().Means, Run().Means);
        Assert.Equal(before, x.ToArray<double>());
    }

    [Fact]
    public void The_most_important_features_come_first_in_the_picture()
    {
        var x = Tensor.Randn(new Shape(50, 3), DType.Float64, generator: new Generator(3));
        var found = PermutationImportance.Of(v => v.Select(1, 1) * 2 + v.Select(1, 0), x, x.Select(1, 1) * 2 + x.Select(1, 0), Score);
        string svg = found.Plot(["first", "second", "third"], most: 2).ToSvg();
        Assert.True(svg.IndexOf("second", StringComparison.Ordinal) < svg.IndexOf("first", StringComparison.Ordinal));
        Assert.DoesNotContain("third", svg);
        Assert.Contains("3 features and 1 names", Assert.Throws<ArgumentException>(() => found.Plot(["one"])).Message);
    }

    [Fact]
    public void A_table_is_needed()
        => Assert.Contains("(examples, features)", Assert.Throws<ArgumentException>(
            () => PermutationImportance.Of(v => v, Tensor.Ones(3), Tensor.Ones(3), Score)).Message);
}
