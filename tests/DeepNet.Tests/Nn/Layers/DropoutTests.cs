using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class DropoutTests
{
    [Fact]
    public void While_evaluating_nothing_happens()
    {
        var x = Tensor.Ones(5);
        foreach (Layer layer in new Layer[] { new Dropout(), new AlphaDropout() })
        {
            layer.Eval();
            Assert.Same(x, layer.Forward(x));
        }
    }

    [Fact]
    public void Elements_are_zeroed_at_the_rate_and_the_rest_scaled()
    {
        float[] y = new Dropout(0.3, new Generator(1)).Forward(Tensor.Ones(100_000)).ToArray();
        Assert.InRange(y.Count(v => v == 0) / 1e5, 0.295, 0.305);
        Assert.All(y, v => Assert.True(v == 0 || Math.Abs(v - 1 / 0.7f) < 1e-6));
        Assert.All(new Dropout(1).Forward(Tensor.Ones(9)).ToArray(), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(1), InlineData(31), InlineData(8193), InlineData(20_000)]
    public void The_gradient_has_the_mask_of_the_output_in_both_types(int n)
    {
        var single = Tensor.Ones(n).WithGrad();
        var y = new Dropout(0.5, new Generator(3)).Forward(single);
        y.Backward(Tensor.Ones(n));
        Assert.Equal(y.ToArray(), single.Grad!.ToArray());
        var wide = new Dropout(0.5, new Generator(3)).Forward(Tensor.Ones(new Shape(n), DType.Float64));
        Assert.Equal(y.ToArray<double>(), wide.ToArray<double>());
    }

    [Fact]
    public void Whole_channels_go_together()
    {
        var y = new Dropout2d(0.5, new Generator(4)).Forward(Tensor.Ones(16, 8, 3, 3)).Reshape(128, 9);
        Assert.Equal(y.Min(1).ToArray(), y.Max(1).ToArray());
        Assert.InRange(y.Select(1, 0).ToArray().Count(v => v == 0), 45, 83);
    }

    [Fact]
    public void Alpha_dropout_keeps_mean_and_variance()
    {
        var x = Tensor.Randn(new Shape(200_000), DType.Float64, generator: new Generator(5));
        var y = new AlphaDropout(0.2, new Generator(6)).Forward(x);
        Assert.InRange((double)y.Mean(), -0.01, 0.01);
        Assert.InRange((double)y.Var(), 0.98, 1.02);
    }

    [Fact]
    public void Recurrent_layers_drop_between_cells_only_while_training()
    {
        var x = Tensor.Randn(new Shape(3, 1, 2), generator: new Generator(7));
        foreach (Layer layer in new Layer[] { new Lstm(2, 16, 2, dropout: 0.5, generator: new Generator(8)),
            new Gru(2, 16, 2, dropout: 0.5, generator: new Generator(8)), new Rnn(2, 16, 2, dropout: 0.5, generator: new Generator(8)) })
        {
            Assert.NotEqual(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
            layer.Eval();
            Assert.Equal(layer.Forward(x).ToArray(), layer.Forward(x).ToArray());
        }
    }
}
