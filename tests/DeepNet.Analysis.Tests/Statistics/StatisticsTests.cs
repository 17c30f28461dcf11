using DeepNet.Nn;

namespace DeepNet.Analysis.Tests.Statistics;

public class StatisticsTests
{
    [Fact]
    public void Of_a_few_numbers()
    {
        var s = TensorStatistics.Of(Tensor.From<float>(0, 3, -4, 0, float.NaN), bins: 2);
        Assert.Equal((5, 1, 0.5), (s.Count, s.NotFinite, s.ZeroShare));
        Assert.Equal(-0.25, s.Mean, 1e-12);
        Assert.Equal(5, s.Norm, 1e-12);
        Assert.Equal(2.5, s.Rms, 1e-12);
        Assert.Equal(Math.Sqrt((0.0625 * 2 + 3.25 * 3.25 + 3.75 * 3.75) / 4), s.Std, 1e-12);
        Assert.Equal([-4, -0.5, 3], s.Histogram.Edges);
        Assert.Equal([1L, 3], s.Histogram.Counts);
    }

    [Fact]
    public void Of_nothing_and_of_one_value()
    {
        Assert.True(double.IsNaN(TensorStatistics.Of([]).Mean));
        var same = TensorStatistics.Of([2.0, 2.0], bins: 3);
        Assert.Equal([0L, 2, 0], same.Histogram.Counts);
        Assert.Equal(0, same.Std);
    }

    private static Sequential Model()
        => new(new Linear(3, 4, generator: new Generator(1)), new Relu(), new Linear(4, 2, generator: new Generator(2)));

    [Fact]
    public void A_probe_sees_outputs_and_gradients_in_the_order_of_layers()
    {
        var model = Model();
        var x = Tensor.Randn(new Shape(10, 3), generator: new Generator(3));
        using var probe = new LayerProbe(model);
        var y = model.Forward(x);
        Assert.Equal(["0", "1", "2"], probe.Layers.Select(l => l.Name));
        Assert.All(probe.Layers, l => Assert.Null(l.Gradient));
        y.Sum().Backward();
        Assert.Equal(y.ToArray().Average(), probe.Layers[2].Output.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(20), probe.Layers[2].Gradient!.Norm, 1e-6);       // ones
        Assert.StartsWith("Linear", probe.Layers[0].Kind, StringComparison.Ordinal);
        Assert.Equal(2, probe.Layers[2].Depth);
    }

    [Fact]
    public void Dead_units_are_counted_over_the_whole_batch()
    {
        var model = Model();
        var linear = (Linear)model[0];
        using (Autograd.NoGrad()) linear.Bias!.Value.CopyFrom(Tensor.From<float>(-100, 0, 100, -100));
        using var probe = new LayerProbe(model);
        model.Forward(Tensor.Randn(new Shape(50, 3), generator: new Generator(3)));
        Assert.Equal(0.5, probe.Layers[1].DeadShare);
        Assert.Equal(0, probe.Layers[0].DeadShare);
    }

    [Fact]
    public void A_second_pass_begins_anew_and_a_disposed_probe_sees_nothing()
    {
        var model = Model();
        var probe = new LayerProbe(model, (_, layer) => layer is Linear, bins: 4);
        model.Forward(Tensor.Zeros(1, 3));
        model.Forward(Tensor.Ones(1, 3));
        Assert.Equal(2, probe.Layers.Count);
        double seen = probe.Layers[0].Output.Mean;
        probe.Dispose();
        model.Forward(Tensor.Zeros(1, 3));
        Assert.Equal(seen, probe.Layers[0].Output.Mean);
    }

    private sealed class Plain : Module
    {
        public override Tensor Forward(Tensor x) => x.Relu();
    }

    [Fact]
    public void A_model_without_layers_cannot_be_watched()
        => Assert.Contains(
            "new Relu()", Assert.Throws<ArgumentException>(() => new LayerProbe(new Plain())).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_and_their_gradients()
    {
        var model = Model();
        model.Forward(Tensor.Ones(1, 3)).Sum().Backward();
        var all = ParameterStatistics.Of(model);
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], all.Select(p => p.Name));
        Assert.Equal(Math.Sqrt(2), all[3].Gradient!.Norm, 1e-6);
        Assert.Equal(all[3].Gradient!.Norm / all[3].Value.Norm, all[3].RelativeGradient, 1e-12);
    }

    [Fact]
    public void Noise_of_gradients_that_are_known()
    {
        // The loss of batch i is aᵢ · w: its gradient is aᵢ.
        double[][] a = [[1, 0], [3, 0], [2, 2], [2, -2]];
        var w = new Parameter(Tensor.From(0.0, 0.0));
        var noise = GradientNoise.Measure(i => w.Value.Dot(Tensor.From<double>(a[i])), 4, [w]);
        Assert.Equal([2, 0], noise.Mean);
        Assert.Equal((1 + 1 + 4 + 4) / 3.0, noise.Variance, 1e-12);
        Assert.Equal(4 - noise.Variance / 4, noise.SquaredNorm, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientNoise.Measure(_ => w.Value.Sum(), 1, [w]));
    }

    [Fact]
    public void Noise_is_unbiased()
    {
        // Gradients are normal with mean (3, 0) and variance 4 in each of two components.
        var w = new Parameter(Tensor.From(0.0, 0.0));
        var draws = Tensor.Normal(new Shape(4000, 2), 0, 2, DType.Float64, generator: new Generator(5)) + Tensor.From(3.0, 0.0);
        var noise = GradientNoise.Measure(i => w.Value.Dot(draws[i]), 4000, [w]);
        Assert.InRange(noise.Variance, 8 - 3 * noise.StandardError, 8 + 3 * noise.StandardError);
        Assert.Equal(9, noise.SquaredNorm, 0.6);
    }
}
