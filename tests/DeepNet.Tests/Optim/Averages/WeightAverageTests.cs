using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

public class WeightAverageTests
{
    private static void Set(Parameter x, params double[] values) => x.Value.CopyFromQuietly(Tensor.From<double>(values, x.Shape));

    private static double[] Mean(WeightAverage average, Parameter x)
    {
        average.Swap();
        double[] mean = x.Value.ToArray<double>();
        average.Restore();
        return mean;
    }

    [Fact]
    public void Stochastic_averages_are_PyTorchs()
    {
        var x = new Parameter(Tensor.Zeros(new Shape(1, 3), DType.Float64));
        var average = new StochasticAverage([x]);
        int t = 0;
        foreach (var row in Problem.Golden("stochastic average").EnumerateArray())
        {
            Set(x, Math.Sin(1.0 + t), Math.Cos(0.3 * t), 0.1 * t);
            average.Update();
            Problem.AssertClose([.. row.EnumerateArray().Select(v => v.GetDouble())], Mean(average, x), 1e-9, $"update {t++}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exponential_averages_follow_the_formula(bool warmUp)
    {
        var x = new Parameter(Tensor.From(1.0, -2.0));
        var average = new ExponentialAverage([x], 0.9, warmUp);
        double a = 1, b = -2;
        for (int t = 0; t < 120; t++)
        {
            Set(x, Math.Sin(t), t);
            average.Update();
            double decay = warmUp ? Math.Min(0.9, (1.0 + t) / (10.0 + t)) : 0.9;
            (a, b) = (decay * a + (1 - decay) * Math.Sin(t), decay * b + (1 - decay) * t);
        }
        Problem.AssertClose([a, b], Mean(average, x), 1e-12, "mean");
    }

    [Fact]
    public void Swapping_there_and_back_changes_no_bit()
    {
        var problem = new Problem(DType.Float32);
        var average = new ExponentialAverage(problem.Parameters, 0.5);
        double[] start = problem.Values;
        foreach (var p in problem.Parameters) p.Value.CopyFromQuietly(Tensor.Ones(p.Shape));
        average.Swap();
        Assert.Equal(start, problem.Values);
        Assert.StartsWith(
            "[update] the mean is in the parameters", Assert.Throws<InvalidOperationException>(average.Update).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(average.Swap);
        Assert.Throws<InvalidOperationException>(() => average.SaveState());
        average.Restore();
        Assert.All(problem.Values, v => Assert.Equal(1, v));
        Assert.Throws<InvalidOperationException>(average.Restore);
    }

    [Fact]
    public void A_loaded_mean_goes_on_bit_by_bit()
    {
        var (x, y) = (new Parameter(Tensor.From(1f, 2f)), new Parameter(Tensor.From(5f, 6f)));
        var (one, two) = (new StochasticAverage([x]), new StochasticAverage([y]));
        Set(x, 3, 9);
        one.Update();
        Set(x, 4, -9.7);
        one.Update();
        two.LoadState(one.SaveState());
        Assert.Equal(2, two.Updates);
        Set(x, 0.1, 0.2);
        Set(y, 0.1, 0.2);
        one.Update();
        two.Update();
        Assert.Equal(Mean(one, x), Mean(two, y));
        Assert.Contains(
            "this is 'exponential_average'",
            Assert.Throws<ArgumentException>(() => new ExponentialAverage([x]).LoadState(one.SaveState())).Message,
            StringComparison.Ordinal);
    }
}
