using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>L-BFGS on Rosenbrock's valley, whose two coordinates are a parameter each.</summary>
public class LbfgsTests
{
    private sealed class Valley
    {
        public readonly Parameter X = new(Tensor.From(-1.5)), Y = new(Tensor.From(2.0));
        public readonly Lbfgs Optimizer;

        public Valley(string kind) => Optimizer = kind switch
        {
            "wolfe" => new Lbfgs([X, Y], new LbfgsOptions { MaxIterations = 4 }),
            "short memory" => new Lbfgs([X, Y], new LbfgsOptions { LearningRate = 0.5, MaxIterations = 3, History = 2 }),
            "fixed length" => new Lbfgs([X, Y], new LbfgsOptions { LearningRate = 0.002, MaxIterations = 5, LineSearch = false }),
            _ => throw new ArgumentException(kind),
        };

        public double Step() => (double)Optimizer.Step(() =>
        {
            Optimizer.ZeroGrad();
            Tensor x = X, y = Y, left = 1 - x, up = y - x * x;
            var loss = left * left + 100 * up * up;
            loss.Backward();
            return loss;
        });
    }

    [Theory]
    [InlineData("wolfe")]
    [InlineData("short memory")]
    [InlineData("fixed length")]
    public void Takes_PyTorchs_way_through_the_valley(string kind)
    {
        var valley = new Valley(kind);
        int step = 0;
        foreach (var row in Problem.Golden("lbfgs").GetProperty(kind).EnumerateArray())
        {
            double loss = valley.Step();
            step++;
            Near(row[0].GetDouble(), loss, $"loss of step {step}");
            Near(row[1].GetDouble(), (double)valley.X.Value, $"x after step {step}");
            Near(row[2].GetDouble(), (double)valley.Y.Value, $"y after step {step}");
            Assert.Equal(row[3].GetInt64(), valley.Optimizer.Evaluations);
            Assert.Equal(row[4].GetInt64(), valley.Optimizer.Iterations);
        }

        static void Near(double expected, double actual, string what)
            => Assert.True(Math.Abs(expected - actual) <= 1e-5 * Math.Abs(expected), $"{what}: expected {expected:R}, got {actual:R}");
    }

    [Theory]
    [InlineData("wolfe")]
    [InlineData("fixed length")]
    public void A_loaded_state_goes_on_bit_by_bit(string kind)
    {
        var (one, two) = (new Valley(kind), new Valley(kind));
        for (int i = 0; i < 5; i++) one.Step();
        two.Optimizer.LoadState(one.Optimizer.SaveState());
        two.X.Value.CopyFromQuietly(one.X);
        two.Y.Value.CopyFromQuietly(one.Y);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(one.Step(), two.Step());
            Assert.Equal((double)one.X.Value, (double)two.X.Value);
        }
    }

    [Fact]
    public void Penalties_are_part_of_the_function()
    {
        // ½(x − 3)² + ½·0.5·x² is lowest at 2; with 0.5·|x| besides, at 5/3.
        foreach (var (l1, lowest) in new[] { (0.0, 2.0), (0.5, 5.0 / 3) })
        {
            var x = new Parameter(Tensor.From(10.0));
            var optimizer = new Lbfgs([x]) { WeightDecay = 0.5, L1 = l1 };
            for (int i = 0; i < 3; i++)
            {
                optimizer.Step(() =>
                {
                    optimizer.ZeroGrad();
                    var loss = 0.5 * (x.Value - 3) * (x.Value - 3);
                    loss.Backward();
                    return loss;
                });
            }
            Assert.Equal(lowest, (double)x.Value, 6);
        }
    }

    [Fact]
    public void Climbs_when_asked_to()
    {
        var x = new Parameter(Tensor.From(1.0));
        var optimizer = new Lbfgs([x]) { Maximize = true };
        optimizer.Step(() =>
        {
            optimizer.ZeroGrad();
            var gain = -((x.Value - 4) * (x.Value - 4));
            gain.Backward();
            return gain;
        });
        Assert.Equal(4, (double)x.Value, 6);
    }

    [Fact]
    public void Errors_say_what_to_do()
    {
        var x = new Parameter(Tensor.From(1.0));
        Assert.Contains(
            "Call Step(() =>", Assert.Throws<InvalidOperationException>(() => new Lbfgs([x]).Step()).Message, StringComparison.Ordinal);
        var clipping = new Lbfgs([x]) { ClipNorm = 1 };
        Assert.Contains(
            "no meaning in a line search", Assert.Throws<InvalidOperationException>(() => clipping.Step(() => x.Value)).Message,
            StringComparison.Ordinal);
        Assert.Contains("one group only, not 2", Assert.Throws<ArgumentException>(
            () => new Lbfgs([new ParameterGroup([x]), new ParameterGroup([new Parameter(Tensor.From(1.0))])], new())).Message,
                StringComparison.Ordinal);
    }
}
