using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Embeddings: what is alike lies close together.</summary>
public class RepresentationPrograms
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Contrastive_learning_finds_the_partner_of_each_view(int seed)
    {
        // Two noisy views, rotated into 16 dimensions each by its own matrix, of the same four hidden numbers.
        var random = new Generator((ulong)seed);
        Tensor[] eyes = [Tensor.Randn([4, 16], generator: random), Tensor.Randn([4, 16], generator: random)];
        Sequential[] encoders = [.. eyes.Select(_ => Loop.Mlp(random, () => new Relu(), 16, 32, 8))];
        Tensor[] Views(int n)
        {
            var hidden = Tensor.Randn([n, 4], generator: random);
            return [.. eyes.Select(eye => hidden.MatMul(eye) + Tensor.Normal([n, 16], 0, 0.1, generator: random))];
        }
        Tensor[] Encode(Tensor[] views) => [.. views.Zip(encoders, (view, encoder) => encoder.Forward(view))];

        Loop.Fit(new Adam(encoders.SelectMany(e => e.Parameters()), 1e-2), 150, () =>
        {
            var z = Encode(Views(64));
            return Loss.InfoNce(z[0], z[1], symmetric: true);
        });
        using var off = Autograd.NoGrad();
        var unseen = Encode(Views(64));
        var (a, b) = (unseen[0] / unseen[0].Norm(2, 1, keepDim: true), unseen[1] / unseen[1].Norm(2, 1, keepDim: true));
        var found = a.MatMul(b.T).ArgMax(1).Equal(Tensor.Arange(64));
        Assert.InRange(found.To(DType.Float32).Mean().Item(), 0.9f, 1f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mined_triplets_bring_the_nearest_neighbour_into_the_same_class(int seed)
    {
        // Classes are rings of radius 1, 2 and 3: raw distances do not tell them apart at their borders.
        var random = new Generator((ulong)seed);
        var labels = Tensor.RandInt(0, 3, [60], generator: random);
        var angle = Tensor.Uniform([60], 0, 2 * Math.PI, generator: random);
        var radius = 1 + labels + Tensor.Normal([60], 0, 0.3, generator: random);
        var x = Tensor.Stack([radius * angle.Cos(), radius * angle.Sin()], axis: 1);
        var net = Loop.Mlp(random, () => new Relu(), 2, 32, 32, 4);
        double SameClass(Tensor points)
        {
            var nearest = (points.Cdist(points) + 1e6 * Tensor.Eye(60)).ArgMin(1);
            return labels[nearest].Equal(labels).To(DType.Float32).Mean().Item();
        }

        double before = SameClass(x);
        Loop.Fit(new Adam(net.Parameters(), 1e-2), 150, () => Loss.BatchTriplet(net.Forward(x), labels, TripletMining.SemiHard));
        using var off = Autograd.NoGrad();
        Assert.InRange(SameClass(net.Forward(x)) - before, 0.04, 1);
        Assert.InRange(SameClass(net.Forward(x)), 0.9, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Factors_of_a_matrix_are_found_from_half_of_its_entries_with_sparse_gradients(int seed)
    {
        var random = new Generator((ulong)seed);
        var truth = Tensor.Randn([30, 2], generator: random).MatMul(Tensor.Randn([2, 20], generator: random));
        var seen = Tensor.Bernoulli([30, 20], 0.5, generator: random) > 0;
        var places = seen.NonZero();
        var ratings = truth.MaskedSelect(seen);
        var users = new Embedding(30, 2, generator: random, sparse: true);
        var items = new Embedding(20, 2, generator: random, sparse: true);
        Loop.Fit(new SparseAdam([users.Weight, items.Weight], 0.1), 500, () =>
        {
            var batch = Tensor.RandInt(0, ratings.Shape[0], [128], generator: random);
            var (u, i) = (users.Forward(places[batch, 0]), items.Forward(places[batch, 1]));
            return Loss.Mse((u * i).Sum(1), ratings[batch]);
        });
        var error = users.Weight.Value.MatMul(items.Weight.Value.T) - truth;
        var unseen = error.MaskedSelect(!seen);
        Assert.InRange(unseen.Square().Median().Sqrt().Item(), 0, 0.2f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Principal_components_by_svd_are_those_of_the_covariance(int seed)
    {
        var random = new Generator((ulong)seed);
        var x = Tensor.Randn([100, 5], DType.Float64, generator: random).MatMul(Tensor.Randn([5, 5], DType.Float64, generator: random));
        x = x - x.Mean(0);
        var (_, s, vt) = Linalg.Svd(x);
        var (variances, axes) = Linalg.Eigh(x.T.Cov());
        Assert.InRange((s.Square() / 99 - variances.Flip(0)).Abs().Max().Item(), 0, 1e-10f);
        var cosines = (vt * axes.Flip(1).T).Sum(1).Abs();
        Assert.InRange((cosines - 1).Abs().Max().Item(), 0, 1e-10f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Sinkhorn_makes_a_sorting_that_has_gradients(int seed)
    {
        // A soft permutation between values and ranks; its rows and columns sum to 1. The loss asks for a given order.
        var values = new Parameter(Tensor.Randn([6], generator: new Generator((ulong)seed)));
        var wanted = Tensor.From<float>(3, 0, 5, 1, 4, 2);
        Tensor Permutation()
        {
            var v = (values.Value - values.Value.Mean()) / values.Value.Std();
            var log = -(v.Unsqueeze(1) - Tensor.Linspace(-1.5, 1.5, 6)).Square() / 0.1;
            for (int i = 0; i < 30; i++)
            {
                log = log - log.LogSumExp(0, keepDim: true);
                log = log - log.LogSumExp(1, keepDim: true);
            }
            return log.Exp();
        }
        Loop.Fit(new Adam([values], 0.05), 300, () => Loss.Mse(Permutation().MatMul(Tensor.Arange(6).To(DType.Float32)), wanted));
        Assert.InRange((Permutation().Sum(0) - 1).Abs().Max().Item(), 0, 0.05f);
        Assert.Equal(wanted.ToArray(), values.Value.ArgSort().ArgSort().ToArray());
    }
}
