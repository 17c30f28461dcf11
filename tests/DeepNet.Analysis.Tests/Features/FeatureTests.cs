namespace DeepNet.Analysis.Tests.Features;

public class FeatureTests
{
    private static readonly Tensor X = Tensor.From(new double[,] { { 1, 5, 1 }, { 2, 5, -1 }, { 3, 5, 1 }, { 4, 5, -1 } });

    [Fact]
    public void Correlation_and_variance()
    {
        var r = FeatureScores.Correlation(X, Tensor.From(2.0, 4.0, 6.0, 8.0));
        Assert.Equal(1, r[0], 1e-12);
        Assert.Equal(0, r[1]);
        Assert.Equal(-1 / Math.Sqrt(5), r[2], 1e-12);
        Assert.Equal([1.25, 0, 1], FeatureScores.Variance(X));
    }

    [Fact]
    public void F_of_two_classes()
    {
        var f = FeatureScores.FScore(X, Tensor.From<long>(0, 0, 1, 1));
        Assert.Equal(4 / (1.0 / 2), f[0], 1e-12);       // between 4 with 1 degree, within 1 with 2
        Assert.Equal(0, f[1]);
        Assert.Equal(0, f[2], 1e-12);
        Assert.Equal(double.PositiveInfinity, FeatureScores.FScore(X, Tensor.From<long>(0, 1, 0, 1))[2]);
    }

    [Fact]
    public void Mutual_information_sees_what_correlation_does_not()
    {
        // The class is 1 in the middle: no correlation with x, all the information.
        var x = Tensor.Linspace(-1, 1, 400, DType.Float64).Reshape(400, 1);
        var y = (x.Abs() < 0.5).To(DType.Int64).Reshape(400);
        Assert.Equal(0, FeatureScores.Correlation(x, y)[0], 1e-9);
        Assert.Equal(Math.Log(2), FeatureScores.MutualInformation(x, y, bins: 8)[0], 0.02);
    }

    [Fact]
    public void Best_first_of_equals() => Assert.Equal([1, 0, 3], FeatureScores.Best([2, 5, 1, 2], 3));

    // Features 1 and 3 are worth 2 each, feature 0 is worth 3 by itself and nothing beside 1 and 3, others cost 0.1.
    private static double Trap(IReadOnlyList<int> set)
    {
        bool pair = set.Contains(1) && set.Contains(3);
        double worth = pair ? 5 : set.Contains(0) ? 3 : set.Contains(1) || set.Contains(3) ? 2 : 0;
        return worth - 0.1 * set.Count;
    }

    [Fact]
    public void Greedy_forward_stops_in_the_trap_and_best_first_gets_out()
    {
        var forward = FeatureSearch.Forward(5, Trap);
        Assert.Equal([0], forward.Features);
        var best = FeatureSearch.BestFirst(5, Trap);
        Assert.Equal([1, 3], best.Features);
        Assert.Equal(4.8, best.Score, 1e-12);
        Assert.True(best.Evaluations < 31, $"{best.Evaluations}");
        Assert.Equal([1, 3], FeatureSearch.Backward(5, Trap).Features);
    }

    [Fact]
    public void Forward_finds_what_adds_up_and_stops_at_most()
    {
        double[] worth = [0.1, 0.5, 0.3, -0.2];
        double Sum(IReadOnlyList<int> set) => set.Sum(f => worth[f]);
        Assert.Equal([0, 1, 2], FeatureSearch.Forward(4, Sum).Features);
        Assert.Equal([1, 2], FeatureSearch.Forward(4, Sum, most: 2).Features);
        Assert.Equal([1, 2], FeatureSearch.Forward(4, Sum, gain: 0.2).Features);
        Assert.Equal([0, 1, 2], FeatureSearch.Backward(4, Sum).Features);
        Assert.Equal([1], FeatureSearch.Backward(4, Sum, loss: 1).Features);
        Assert.Equal(3, FeatureSearch.Forward(4, Sum).Path.Count);
    }

    [Fact]
    public void Every_set_is_scored_once()
    {
        var seen = new HashSet<string>();
        FeatureSearch.BestFirst(6, set =>
        {
            Assert.True(seen.Add(string.Join(',', set)));
            return set.Count;
        });
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Contains(
            "one number", Assert.Throws<ArgumentException>(() => FeatureScores.Correlation(X, Tensor.From(1.0))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "two classes", Assert.Throws<ArgumentException>(() => FeatureScores.FScore(X, Tensor.From<long>(1, 1, 1, 1))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "NaN", Assert.Throws<ArithmeticException>(() => FeatureSearch.Forward(2, _ => double.NaN)).Message, StringComparison.Ordinal);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => FeatureSearch.Forward(2, _ => 1, cancellation: source.Token));
    }
}
