using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>Properties of whole stacks that golden values do not show.</summary>
public class TransformerTests
{
    private static readonly Generator Random = new(18);

    private static TransformerOptions Options(bool normFirst = true)
        => new(12, 3, 20) { Dropout = 0, BatchFirst = true, NormFirst = normFirst, Generator = new(2) };

    [Fact]
    public void Layers_begin_with_values_of_their_own_and_names_are_PyTorchs()
    {
        var model = new Transformer(Options(), 2, 1);
        var state = model.State();
        Assert.Contains("encoder.layers.1.self_attn.in_proj_weight", state.Keys);
        Assert.Contains("decoder.layers.0.multihead_attn.out_proj.bias", state.Keys);
        Assert.Contains("decoder.norm.weight", state.Keys);
        Assert.NotEqual(
            state["encoder.layers.0.linear1.weight"].ToArray(), state["encoder.layers.1.linear1.weight"].ToArray());
        float bound = MathF.Sqrt(6f / 32);
        Assert.All(state["encoder.layers.0.linear1.weight"].ToArray(), w => Assert.InRange(w, -bound, bound));
        var plain = new Transformer(Options() with { Bias = false }, 1, 1);
        Assert.DoesNotContain(plain.State().Keys, name => name.EndsWith("bias", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_decoder_goes_step_by_step_with_caches(bool normFirst)
    {
        var model = new Transformer(Options(normFirst), 1, 2);
        Tensor source = Tensor.Randn(new Shape(2, 5, 12), generator: Random), target = Tensor.Randn(new Shape(2, 6, 12), generator: Random);
        using var off = Autograd.NoGrad();
        var whole = model.Forward(source, target, targetMask: AttentionMask.Causal);
        var memory = model.Encoder.Forward(source);
        KeyValueCache[] caches = [new(6), new(6)];
        var steps = target.Split(1, 1).Select(x => model.Decoder.Forward(x, memory, AttentionMask.Causal, caches: caches));
        Fused.AssertNear([whole.ToArray<double>()], [Tensor.Cat([.. steps], 1).ToArray<double>()], 1e-6);
    }

    [Fact]
    public void An_encoder_goes_step_by_step_with_caches()
    {
        var model = new TransformerEncoder(Options(), 2, new LayerNorm(12));
        var x = Tensor.Randn(new Shape(2, 6, 12), generator: Random);
        using var off = Autograd.NoGrad();
        KeyValueCache[] caches = [new(6), new(6)];
        var steps = x.Split(2, 1).Select(part => model.Forward(part, null, isCausal: true, caches: caches));
        Fused.AssertNear(
            [model.Forward(x, null, isCausal: true).ToArray<double>()], [Tensor.Cat([.. steps], 1).ToArray<double>()], 1e-6);
    }

    // What lies behind a step, and what is padding, changes nothing, whatever it is: even what is not a number.
    [Fact]
    public void Hidden_steps_change_nothing()
    {
        var model = new TransformerEncoder(Options(), 2);
        var x = Tensor.Randn(new Shape(1, 6, 12), generator: Random);
        var padding = (Tensor.Arange(6) < 2).Unsqueeze(0);
        using var off = Autograd.NoGrad();
        var y = model.Forward(x, AttentionMask.Causal, padding);
        var other = x.Clone();
        other[.., ..2] = Tensor.Randn(new Shape(1, 2, 12), generator: Random);
        other[.., 5..] = Tensor.Zeros(1, 1, 12);
        var z = model.Forward(other, AttentionMask.Causal, padding);
        Assert.Equal(y[.., 2..5].ToArray(), z[.., 2..5].ToArray());
        Assert.DoesNotContain(y.ToArray(), float.IsNaN);
    }

    [Fact]
    public void Dropout_of_weights_is_that_of_the_composed_form()
    {
        var attention = new MultiHeadAttention(12, 6, dropout: 0.5, batchFirst: true, generator: new(4), keyValueHeads: 2);
        var x = Tensor.Randn(new Shape(1, 200, 12), generator: Random);
        var (_, weights) = attention.ForwardWithWeights(x, x, x, isCausal: true);
        // A weight is 0 or twice itself: rows sum to 1 on average, and the mean over heads has many zeros among the first steps.
        Assert.Equal(1, weights.Sum(-1).Mean().Item<double>(), 0.1);
        attention.Eval();
        var (y, whole) = attention.ForwardWithWeights(x, x, x, isCausal: true);
        Assert.All(whole.Sum(-1).ToArray(), sum => Assert.Equal(1, sum, 1e-5));
        Fused.AssertNear([y.ToArray<double>()], [attention.Forward(x, x, x, isCausal: true).ToArray<double>()], 1e-6);
        var ofHeads = attention.ForwardWithWeights(x, x, x, isCausal: true, average: false).Weights;
        Assert.Equal(new Shape(1, 6, 200, 200), ofHeads.Shape);
        Assert.Equal(whole.ToArray(), ofHeads.Mean(1).ToArray());
    }
}
