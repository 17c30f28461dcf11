using DeepNet.Distributions;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Models that draw samples like those that they have seen.</summary>
public class GenerativePrograms
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_gan_draws_a_mixture_with_the_moments_of_the_data(int seed)
    {
        var random = new Generator((ulong)seed);
        var generator = Loop.Mlp(random, () => new LeakyRelu(0.2), 4, 32, 32, 1);
        var critic = Loop.Mlp(random, () => new LeakyRelu(0.2), 1, 32, 32, 1);
        var forGenerator = new Adam(generator.Parameters(), new AdamOptions { LearningRate = 2e-3, Beta1 = 0.5 });
        var forCritic = new Adam(critic.Parameters(), new AdamOptions { LearningRate = 4e-3, Beta1 = 0.5 });
        var mean = new ExponentialAverage(generator.Parameters(), decay: 0.99);
        var (ones, zeros) = (Tensor.Ones(128, 1), Tensor.Zeros(128, 1));
        Tensor Data(int n) => Tensor.Bernoulli([n, 1], 0.5, generator: random) * 3 - 1.5 + Tensor.Normal([n, 1], 1, 0.4, generator: random);
        Tensor Fake(int n) => generator.Forward(Tensor.Randn([n, 4], generator: random));

        for (int step = 0; step < 800; step++)
        {
            Loop.Fit(forCritic, 1, () => Loss.BceWithLogits(critic.Forward(Data(128)), ones)
                + Loss.BceWithLogits(critic.Forward(Fake(128).Detach()), zeros));
            Loop.Fit(forGenerator, 1, () => Loss.BceWithLogits(critic.Forward(Fake(128)), ones));
            mean.Update();
        }
        mean.Swap();
        using var off = Autograd.NoGrad();
        var fake = Fake(2000);
        Assert.Equal(1, fake.Mean().Item(), 0.3);                           // of the data: 1, and √(1.5² + 0.4²) = 1.55
        Assert.Equal(1.55, fake.Std().Item(), 0.3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_wasserstein_gan_with_gradient_penalty_finds_the_mean_and_its_critic_has_slope_one(int seed)
    {
        var random = new Generator((ulong)seed);
        var generator = new Linear(2, 2, generator: random);
        var critic = Loop.Mlp(random, () => new Softplus(), 2, 32, 1);
        var forGenerator = new Adam(generator.Parameters(), new AdamOptions { LearningRate = 3e-2, Beta1 = 0, Beta2 = 0.9 });
        var schedule = new Schedule(forGenerator, new CosineDecay(250));
        var forCritic = new Adam(critic.Parameters(), new AdamOptions { LearningRate = 1e-2, Beta1 = 0, Beta2 = 0.9 });
        Tensor Real(int n) => Tensor.Normal([n, 2], 0, 0.5, generator: random) + Tensor.From<float>(3, -2);
        Tensor Fake(int n) => generator.Forward(Tensor.Randn([n, 2], generator: random));
        Tensor Penalty(Tensor real, Tensor fake)
        {
            var between = real.Lerp(fake, Tensor.Rand([real.Shape[0], 1], generator: random)).Detach().WithGrad();
            var norm = Autograd.Grad(critic.Forward(between).Sum(), between, createGraph: true).Norm(2, 1);
            return (norm - 1).Square().Mean();
        }

        for (int step = 0; step < 250; step++)
        {
            Loop.Fit(forCritic, 3, () =>
            {
                var (real, fake) = (Real(64), Fake(64).Detach());
                return critic.Forward(fake).Mean() - critic.Forward(real).Mean() + 10 * Penalty(real, fake);
            });
            Loop.Fit(forGenerator, 1, () => -critic.Forward(Fake(64)).Mean());
            schedule.Step();
        }
        var distance = (Fake(1000).Mean(0) - Tensor.From<float>(3, -2)).Norm();
        Assert.InRange(distance.Item(), 0, 0.6f);
        Assert.InRange(Penalty(Real(500), Fake(500)).Item(), 0, 0.2f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_variational_autoencoder_draws_data_with_the_covariance_of_what_it_saw(int seed)
    {
        var random = new Generator((ulong)seed);
        var mixing = Tensor.Randn([2, 6], generator: random);
        var data = Tensor.Randn([256, 2], generator: random).MatMul(mixing) + Tensor.Normal([256, 6], 0, 0.2, generator: random);
        var encoder = Loop.Mlp(random, () => new Tanh(), 6, 32, 4);
        var decoder = Loop.Mlp(random, () => new Tanh(), 2, 32, 6);
        var prior = new Normal(Tensor.Zeros(2), Tensor.Ones(2));
        var optimizer = new Adam([.. encoder.Parameters(), .. decoder.Parameters()], 1e-2);

        Loop.Fit(optimizer, 300, () =>
        {
            var parts = encoder.Forward(data).Chunk(2, axis: -1);
            var posterior = new Normal(parts[0], parts[1].Exp());
            var logLikelihood = new Normal(decoder.Forward(posterior.RSample(generator: random)), 0.2).LogProb(data).Sum(-1);
            return (Distribution.KlDivergence(posterior, prior).Sum(-1) - logLikelihood).Mean();
        });
        using var off = Autograd.NoGrad();
        var drawn = new Normal(decoder.Forward(prior.Sample([4000], random)), 0.2).Sample(generator: random);
        var error = (drawn.T.Cov() - data.T.Cov()).Norm() / data.T.Cov().Norm();
        Assert.InRange(error.Item(), 0, 0.35f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_gumbel_softmax_autoencoder_gives_each_cluster_a_category(int seed)
    {
        var random = new Generator((ulong)seed);
        var centres = Tensor.From(new float[,] { { 2, 0 }, { 0, 2 }, { -2, 0 }, { 0, -2 } });
        var labels = Tensor.RandInt(0, 4, [256], generator: random);
        var data = centres[labels] + Tensor.Normal([256, 2], 0, 0.2, generator: random);
        var encoder = Loop.Mlp(random, () => new Tanh(), 2, 32, 8);
        var decoder = new Linear(8, 2, generator: random);
        var optimizer = new Adam([.. encoder.Parameters(), .. decoder.Parameters()], 2e-2);

        for (int step = 0; step < 200; step++)
        {
            double temperature = Math.Max(0.5, Math.Exp(-0.01 * step));
            Loop.Fit(optimizer, 1, () =>
            {
                var logits = encoder.Forward(data);
                var code = logits.GumbelSoftmax(temperature, generator: random);
                var divergence = Math.Log(8) - logits.Softmax(-1).Entropy(-1);
                return (Loss.Mse(decoder.Forward(code), data, Reduction.None).Sum(-1) + 0.05 * divergence).Mean();
            });
        }
        using var off = Autograd.NoGrad();
        var category = encoder.Forward(data).ArgMax(-1);
        var counts = Tensor.Zeros(8, 4);
        foreach (var (at, label) in category.ToArray<long>().Zip(labels.ToArray<long>())) counts[(int)at, (int)label] += 1;
        Assert.InRange(counts.Max(1).Sum().Item() / 256, 0.97f, 1f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_flow_of_affine_couplings_comes_near_the_entropy_of_a_banana(int seed)
    {
        var random = new Generator((ulong)seed);
        Tensor Draw(int n)
        {
            var z = Tensor.Randn([n, 2], generator: random);
            return Tensor.Stack([z[.., 0], 0.5 * z[.., 1] + z[.., 0].Square() - 1], axis: 1);
        }
        Sequential[] nets = [.. Enumerable.Range(0, 4).Select(_ => Loop.Mlp(random, () => new Tanh(), 1, 16, 2))];
        Tensor NegativeLogLikelihood(Tensor x)
        {
            var logDet = Tensor.Zeros(x.Shape[0]);
            foreach (var net in nets)
            {
                var (still, moved) = (x[.., ..1], x[.., 1..]);
                var parts = net.Forward(still).Chunk(2, axis: 1);
                x = Tensor.Cat([moved * parts[0].Exp() + parts[1], still], axis: 1);
                logDet = logDet + parts[0].Squeeze(1);
            }
            return -(new Normal(0.0, 1.0).LogProb(x).Sum(1) + logDet).Mean();
        }

        var optimizer = new Adam(nets.SelectMany(net => net.Parameters()), 1e-2);
        Loop.Fit(optimizer, 300, () => NegativeLogLikelihood(Draw(256)));
        double entropy = Math.Log(2 * Math.PI * Math.E) + Math.Log(0.5);
        Assert.Equal(entropy, NegativeLogLikelihood(Draw(4000)).Item(), 0.15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_linear_flow_learns_the_inverse_covariance_by_its_log_determinant(int seed)
    {
        var random = new Generator((ulong)seed);
        var mixing = Tensor.From(new float[,] { { 2, 0, 0 }, { 1, 1, 0 }, { 0, 0.5f, 0.5f } });
        var data = Tensor.Randn([500, 3], generator: random).MatMul(mixing);
        data -= data.Mean(0);
        var flow = new Parameter(Tensor.Eye(3));
        Loop.Fit(new Adam([flow], 2e-2), 400, () =>
        {
            var (_, logDet) = Linalg.SlogDet(flow);
            return 0.5 * data.MatMul(flow).Square().Sum(1).Mean() - logDet;
        });
        using var off = Autograd.NoGrad();
        var precision = flow.Value.MatMul(flow.Value.T);
        var identity = precision.MatMul(data.T.Cov(correction: 0));
        Assert.InRange((identity - Tensor.Eye(3)).Abs().Max().Item(), 0, 0.02f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Score_matching_finds_the_slope_of_the_log_density(int seed)
    {
        var random = new Generator((ulong)seed);
        var data = Tensor.Normal([512, 1], 1, 0.8, generator: random);
        var score = Loop.Mlp(random, () => new Tanh(), 1, 24, 1);
        Loop.Fit(new Adam(score.Parameters(), 1e-2), 300, () =>
        {
            var x = data.Detach().WithGrad();
            var s = score.Forward(x);
            var slope = Autograd.Grad(s.Sum(), x, createGraph: true);       // Hyvärinen: no density to normalise
            return (0.5 * s.Square() + slope).Mean();
        });
        using var off = Autograd.NoGrad();
        var at = Tensor.Linspace(0, 2, 21).Unsqueeze(1);
        var error = score.Forward(at) - (1 - at) / 0.64;
        Assert.InRange(error.Square().Mean().Sqrt().Item(), 0, 0.4f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_mixture_density_network_sees_both_roots(int seed)
    {
        var random = new Generator((ulong)seed);
        var y = Tensor.Uniform([512, 1], -1, 1, generator: random);
        var x = y.Square() + Tensor.Normal([512, 1], 0, 0.02, generator: random);
        var net = Loop.Mlp(random, () => new Tanh(), 1, 32, 6);
        Loop.Fit(new Adam(net.Parameters(), 1e-2), 400, () =>
        {
            var parts = net.Forward(x).Chunk(3, axis: 1);
            var components = new Normal(parts[1], parts[2].Exp()).LogProb(y);
            return -(parts[0].LogSoftmax(1) + components).LogSumExp(1).Mean();
        });
        using var off = Autograd.NoGrad();
        var at = net.Forward(Tensor.Full([1, 1], 0.49)).Chunk(3, axis: 1);
        var (means, _) = at[1].Sort();
        Assert.Equal(-0.7, means[0, 0].Item(), 0.1);
        Assert.Equal(0.7, means[0, 1].Item(), 0.1);
        Assert.InRange(at[0].Softmax(1).Min().Item(), 0.3f, 0.5f);
    }
}
