using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class ContrastiveTests
{
    private static readonly long[] Classes = [0, 1, 0, 2, 1, 0, 1, 3];

    private static double[,] Distances(Tensor x)
    {
        int n = x.Shape[0], d = x.Shape[1];
        double[] values = x.ToArray<double>();
        var distances = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                distances[i, j] = Math.Sqrt(Enumerable.Range(0, d).Sum(k => Math.Pow(values[i * d + k] - values[j * d + k], 2)));
        return distances;
    }

    /// <summary>The losses that count, triplet by triplet.</summary>
    private static List<double> ByHand(double[,] d, TripletMining mining, double margin)
    {
        var losses = new List<double>();
        var all = Enumerable.Range(0, Classes.Length).ToArray();
        foreach (int a in all)
        {
            int[] positives = [.. all.Where(i => i != a && Classes[i] == Classes[a])];
            int[] negatives = [.. all.Where(i => Classes[i] != Classes[a])];
            if (positives.Length == 0 || negatives.Length == 0) continue;
            if (mining == TripletMining.Hard)
                losses.Add(Math.Max(0, margin + positives.Max(p => d[a, p]) - negatives.Min(n => d[a, n])));
            foreach (int p in positives)
            {
                double[] farther = [.. negatives.Select(n => d[a, n]).Where(v => v > d[a, p])];
                if (mining == TripletMining.SemiHard)
                    losses.Add(Math.Max(0, margin + d[a, p] - (farther.Length > 0 ? farther.Min() : negatives.Max(n => d[a, n]))));
                if (mining == TripletMining.All) losses.AddRange(negatives.Select(n => margin + d[a, p] - d[a, n]).Where(l => l > 0));
            }
        }
        return losses;
    }

    [Theory]
    [InlineData(TripletMining.Hard), InlineData(TripletMining.SemiHard), InlineData(TripletMining.All)]
    public void Mined_triplets_are_those_of_a_search(TripletMining mining)
    {
        foreach (double margin in new[] { 0.2, 1.5 })
        {
            var x = Tensor.Randn(new Shape(8, 3), DType.Float64, generator: new Generator(7));
            var expected = ByHand(Distances(x), mining, margin);
            Assert.Contains(expected, v => v > 0);
            Tensor Of(Reduction r) => Loss.BatchTriplet(x, Tensor.From(Classes), mining, margin, r);
            Assert.Equal(expected.Sum(), Of(Reduction.Sum).Item<double>(), 1e-12);
            Assert.Equal(expected.Average(), Of(Reduction.Mean).Item<double>(), 1e-12);
            Assert.Equal(expected.Sum(), Of(Reduction.None).Sum().Item<double>(), 1e-12);
            Assert.Equal(mining switch { TripletMining.Hard => 1, TripletMining.SemiHard => 2, _ => 3 }, Of(Reduction.None).Rank);
            GradCheck.SecondOrder(p => Loss.BatchTriplet(p[0], Tensor.From(Classes), mining, margin), x.Clone().WithGrad());
        }
    }

    [Theory]
    [InlineData(TripletMining.Hard), InlineData(TripletMining.SemiHard), InlineData(TripletMining.All)]
    public void Batches_without_triplets_cost_nothing(TripletMining mining)
    {
        foreach (long[] labels in new long[][] { [1, 1, 1], [0, 1, 2], [5], [] })
        {
            var x = Ops.Sample.Values(labels.Length, 2).WithGrad();
            var loss = Loss.BatchTriplet(x, Tensor.From<long>(labels), mining);
            Assert.Equal(0, loss.Item<double>());
            loss.Backward();
            Assert.All(x.Grad!.ToArray<double>(), g => Assert.Equal(0, g));
        }
    }

    [Fact]
    public void Equal_embeddings_have_finite_gradients()
    {
        var x = Tensor.Ones(4, 3).WithGrad();
        var loss = Loss.BatchTriplet(x, Tensor.From<long>(0, 0, 1, 1));
        Assert.Equal(1, loss.Item(), 1e-6);
        loss.Backward();
        Assert.All(x.Grad!.ToArray(), g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void Without_swap_negatives_are_measured_from_the_anchor()
    {
        Tensor a = Tensor.From<double>([0, 0], new Shape(1, 2)), p = Tensor.From<double>([3, 0], new Shape(1, 2));
        var n = Tensor.From<double>([4, 0], new Shape(1, 2));
        Assert.Equal(1, Loss.Triplet(a, p, n, margin: 2, epsilon: 0).Item<double>(), 1e-15);
        Assert.Equal(4, Loss.Triplet(a, p, n, margin: 2, epsilon: 0, swap: true).Item<double>(), 1e-15);
    }

    [Fact]
    public void InfoNce_of_equal_similarities_is_the_logarithm_of_how_many_there_are()
    {
        var x = Tensor.Ones(new Shape(5, 3), DType.Float64);
        Assert.Equal(Math.Log(5), Loss.InfoNce(x, x).Item<double>(), 1e-14);
        Assert.Equal(Math.Log(5), Loss.InfoNce(x, x, symmetric: true).Item<double>(), 1e-14);
        Assert.Equal(Math.Log(8), Loss.InfoNce(x, x, Tensor.Ones(new Shape(7, 3), DType.Float64)).Item<double>(), 1e-14);
        Assert.Equal(0, Loss.InfoNce(x, x, Tensor.Ones(new Shape(0, 3), DType.Float64)).Item<double>(), 1e-14);
        // With dot products, the length of the vectors counts.
        var own = Tensor.Eye(2, dtype: DType.Float64) * 3;
        Assert.Equal(Math.Log(1 + Math.Exp(-9)), Loss.InfoNce(own, own, temperature: 1, normalize: false).Item<double>(), 1e-12);
        Assert.Equal(Math.Log(1 + Math.Exp(-1)), Loss.InfoNce(own, own, temperature: 1).Item<double>(), 1e-12);
    }

    [Fact]
    public void InfoNce_has_right_second_derivatives()
    {
        GradCheck.SecondOrder(x => Loss.InfoNce(x[0], x[1], temperature: 0.5, symmetric: true),
            Ops.Sample.Values(3, 4).WithGrad(), Ops.Sample.Positive(3, 4).WithGrad());
        GradCheck.SecondOrder(x => Loss.InfoNce(x[0], x[1], x[2], temperature: 0.5),
            Ops.Sample.Values(3, 4).WithGrad(), Ops.Sample.Positive(3, 4).WithGrad(), Ops.Sample.Values(3, 2, 4).WithGrad());
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        string Message(Func<Tensor> loss) => Assert.ThrowsAny<ArgumentException>(loss).Message;
        var x = Tensor.Ones(4, 3);
        Assert.Contains("must be (M, 3), or (4, M, 3)", Message(() => Loss.InfoNce(x, x, Tensor.Ones(2, 2))));
        Assert.Contains("leave out negative or symmetric", Message(() => Loss.InfoNce(x, x, x, symmetric: true)));
        Assert.Contains("the temperature is 0, it must be positive", Message(() => Loss.InfoNce(x, x, temperature: 0)));
        Assert.Contains("embeddings (4, 3) and labels (3,)", Message(() => Loss.BatchTriplet(x, Tensor.From<long>(1, 2, 3))));
        Assert.Contains("labels are float32 and must be integers", Message(() => Loss.BatchTriplet(x, Tensor.Ones(4))));
    }
}
