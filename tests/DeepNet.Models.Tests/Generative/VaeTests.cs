using DeepNet.Distributions;

namespace DeepNet.Models.Tests.Generative;

public class VaeTests
{
    private static readonly VaeConfig small = new(12, 8, 3);

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new Vae(small);
        Golden.Check("vae", model, x =>
        {
            var (mean, logVariance) = model.Encode(x[0]);
            return [mean, logVariance, model.Forward(x[0])];
        });
    }

    [Fact]
    public void Divergence_is_that_of_the_distributions_and_never_negative()
    {
        Tensor mean = Tensor.Randn(new Shape(50, 3), generator: new Generator(1)) * 2,
            logVariance = Tensor.Randn(new Shape(50, 3), generator: new Generator(2));
        var divergence = Vae.KlDivergence(mean, logVariance);
        Assert.True(divergence.Min().Item<float>() >= 0);
        var normal = new Normal(mean, (0.5 * logVariance).Exp());
        var standard = new Normal(Tensor.ZerosLike(mean), Tensor.OnesLike(mean));
        Golden.Same(Distribution.KlDivergence(normal, standard).Sum(1), divergence, "divergence");
        Assert.Equal(0, Vae.KlDivergence(Tensor.Zeros(1, 3), Tensor.Zeros(1, 3)).Item<float>());
    }

    [Fact]
    public void Learns_and_makes_samples()
    {
        var model = new Vae(small, new Generator(1));
        var x = Tensor.Bernoulli(new Shape(16, 12), 0.3, generator: new Generator(2));
        Learning.ReachesAll(model, -model.Elbo(x));
        Learning.Lowers(model, () => -model.Elbo(x), steps: 60, share: 0.85);
        var made = model.Sample(5);
        Assert.Equal(new Shape(5, 12), made.Shape);
        Assert.True(made.Min().Item<float>() >= 0 && made.Max().Item<float>() <= 1);
    }

    [Fact]
    public void Bound_is_below_the_evidence()
    {
        // p(x) = ∫ p(x | z) p(z) dz, by many codes.
        var model = new Vae(new(4, 5, 2), new Generator(1));
        using var off = Autograd.NoGrad();
        var x = Tensor.From(new float[,] { { 1, 0, 1, 1 } });
        var p = model.Decode(Tensor.Randn(new Shape(20_000, 2), generator: new Generator(3)));
        double evidence = Math.Log((p * x + (1 - p) * (1 - x)).Prod(1).Mean().Item<float>());
        double bound = Enumerable.Range(0, 200).Average(_ => (double)model.Elbo(x).Item<float>());
        Assert.True(bound < evidence, $"{bound} is above {evidence}.");
        Assert.True(bound > evidence - 1, $"{bound} is far from {evidence}.");
    }

    [Fact]
    public void Goes_through_a_file()
        => Learning.RoundTrips(new Vae(small, new(1)), new Vae(small, new(2)), m => m.Forward(Tensor.Ones(1, 12)));
}
