using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Differential equations, and states that are followed through time.</summary>
public class PhysicsPrograms
{
    private static Tensor RungeKutta(Func<Tensor, Tensor> f, Tensor x, double dt)
    {
        var k1 = f(x);
        var k2 = f(x + dt / 2 * k1);
        var k3 = f(x + dt / 2 * k2);
        var k4 = f(x + dt * k3);
        return x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_neural_ode_learns_a_spiral_from_short_pieces_of_it(int seed)
    {
        var random = new Generator((ulong)seed);
        var law = Tensor.From(new float[,] { { -0.1f, 2 }, { -2, -0.1f } });
        Tensor Follow(Func<Tensor, Tensor> f, Tensor x, int steps)
        {
            var path = new List<Tensor> { x };
            for (int i = 0; i < steps; i++) path.Add(RungeKutta(f, path[^1], 0.1));
            return Tensor.Stack([.. path], axis: 0);
        }
        var starts = Tensor.Uniform([32, 2], -1.5, 1.5, generator: random);
        var truth = Follow(x => x.MatMul(law), starts, 5);
        var net = Loop.Mlp(random, () => new Tanh(), 2, 32, 2);
        Loop.Fit(new Adam(net.Parameters(), 2e-2), 120, () => Loss.Mse(Follow(net.Forward, starts, 5), truth));

        using var off = Autograd.NoGrad();
        var start = Tensor.From(new float[,] { { 1, 0 } });
        var error = Follow(net.Forward, start, 15) - Follow(x => x.MatMul(law), start, 15);
        Assert.InRange(error.Abs().Max().Item(), 0, 0.25f);
    }

    [Fact]
    public void The_adjoint_of_an_ode_solved_backwards_is_the_gradient_of_autograd()
    {
        var random = new Generator(5);
        var w = Tensor.Normal([3, 3], 0, 0.5, DType.Float64, generator: random).WithGrad();
        var x0 = Tensor.Randn([4, 3], DType.Float64, generator: random);
        Tensor F(Tensor x) => x.MatMul(w).Tanh();
        const int steps = 50;
        const double dt = 0.02;
        var x = x0;
        for (int i = 0; i < steps; i++) x = RungeKutta(F, x, dt);
        x.Square().Sum().Backward();

        // State, adjoint and gradient as one state, which goes from the end to the start.
        Tensor Backwards(Tensor state)
        {
            var (at, adjoint) = (state[..4].Detach().WithGrad(), state[4..8]);
            using var on = Autograd.EnableGrad();
            var f = F(at);
            var gradients = Autograd.Grad(f, [at, w], adjoint);
            return Tensor.Cat([f.Detach(), -gradients[0], -gradients[1]]);
        }
        using var off = Autograd.NoGrad();
        var all = Tensor.Cat([x, 2 * x, Tensor.ZerosLike(w)]);
        for (int i = 0; i < steps; i++) all = RungeKutta(Backwards, all, -dt);
        Assert.InRange((all[..4] - x0).Abs().Max().Item<double>(), 0, 1e-7);
        Assert.InRange((all[8..] - w.Grad!).Abs().Max().Item<double>(), 0, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_physics_informed_network_solves_poissons_equation(int seed)
    {
        // u'' = -π² sin(πx), u(0) = u(1) = 0: u = sin(πx).
        var net = Loop.Mlp(new Generator((ulong)seed), () => new Tanh(), 1, 20, 20, 1);
        var inside = Tensor.Linspace(0, 1, 40).Unsqueeze(1);
        var edge = Tensor.From(new float[,] { { 0 }, { 1 } });
        Tensor Residual()
        {
            var x = inside.Detach().WithGrad();
            var slope = Autograd.Grad(net.Forward(x).Sum(), x, createGraph: true);
            var curvature = Autograd.Grad(slope.Sum(), x, createGraph: true);
            return curvature + Math.PI * Math.PI * (Math.PI * x).Sin();
        }
        Loop.Fit(new Adam(net.Parameters(), 5e-3), 500, () => Residual().Square().Mean() + 100 * net.Forward(edge).Square().Mean());
        var error = net.Forward(inside) - (Math.PI * inside).Sin();
        Assert.InRange(error.Abs().Max().Item(), 0, 0.05f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_through_a_kalman_filter_find_noises_that_are_likelier_than_the_true_ones(int seed)
    {
        // Position and velocity; only the position is seen. The logarithms of both noises are learned from the likelihood.
        var random = new Generator((ulong)seed);
        var f = Tensor.From(new double[,] { { 1, 0.1 }, { 0, 1 } });
        var h = Tensor.From(new double[,] { { 1, 0 } });
        const double process = 0.3, seen = 0.5;
        var state = Tensor.Zeros([2, 1], DType.Float64);
        var measured = new List<Tensor>();
        for (int t = 0; t < 150; t++)
        {
            state = f.MatMul(state) + Tensor.Normal([2, 1], 0, process, DType.Float64, generator: random);
            measured.Add(state[..1] + Tensor.Normal([1, 1], 0, seen, DType.Float64, generator: random));
        }
        var logs = new Parameter(Tensor.From(0.0, 0.0));
        Tensor NegativeLogLikelihood()
        {
            var (x, p) = (Tensor.Zeros([2, 1], DType.Float64), Tensor.Eye(2, dtype: DType.Float64));
            var (q, r) = ((2 * logs.Value[0]).Exp() * Tensor.Eye(2, dtype: DType.Float64), (2 * logs.Value[1]).Exp());
            var total = Tensor.Zeros([1, 1], DType.Float64);
            foreach (var z in measured)
            {
                (x, p) = (f.MatMul(x), f.MatMul(p).MatMul(f.T) + q);
                var (surprise, s) = (z - h.MatMul(x), h.MatMul(p).MatMul(h.T) + r);
                var gain = p.MatMul(h.T) / s;
                (x, p) = (x + gain.MatMul(surprise), p - gain.MatMul(h).MatMul(p));
                total = total + (s.Log() + surprise.Square() / s) / 2;
            }
            return total.Sum() / measured.Count;
        }
        var optimizer = new Lbfgs([logs], new LbfgsOptions { LineSearch = true, MaxIterations = 15 });
        optimizer.Step(() =>
        {
            optimizer.ZeroGrad();
            var loss = NegativeLogLikelihood();
            loss.Backward();
            return loss;
        });
        double found = NegativeLogLikelihood().Item<double>();
        Assert.InRange(logs.Value[0].Exp().Item(), process / 2, process * 2);
        using var off = Autograd.NoGrad();
        logs.Value.CopyFrom(Tensor.From(Math.Log(process), Math.Log(seen)));
        Assert.InRange(NegativeLogLikelihood().Item<double>() - found, 0, 0.05);
    }
}
