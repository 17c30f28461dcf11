using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class RotaryEmbeddingTests
{
    private static readonly Generator Random = new(14);

    // ⟨R(m)·q, R(n)·k⟩ depends on m − n alone.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Products_depend_on_the_distance_alone(bool interleaved)
    {
        var rotary = new RotaryEmbedding(8, interleaved: interleaved);
        Tensor Of() => Tensor.Randn(new Shape(1, 8), DType.Float64, generator: Random);
        var (q, k) = (Of(), Of());
        double At(int m, int n) => (rotary.Forward(q, m) * rotary.Forward(k, n)).Sum().Item<double>();
        foreach (var (m, n) in new[] { (0, 0), (5, 2), (2, 5), (90, 3) })
            foreach (int shift in new[] { 1, 17, 2000 })
                Assert.Equal(At(m, n), At(m + shift, n + shift), 1e-11);
        Assert.NotEqual(At(5, 2), At(6, 2), 1e-3);
        Assert.Equal((q * k).Sum().Item<double>(), At(0, 0), 1e-14);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lengths_stay_and_steps_in_pieces_are_the_whole(bool interleaved)
    {
        var rotary = new RotaryEmbedding(34, interleaved: interleaved);
        var x = Tensor.Randn(new Shape(2, 3, 9, 34), generator: Random);
        var y = rotary.Forward(x);
        Fused.AssertNear([x.Square().Sum(-1).ToArray<double>()], [y.Square().Sum(-1).ToArray<double>()], 1e-6);
        var pieces = Tensor.Cat([rotary.Forward(x[.., .., ..4]), rotary.Forward(x[.., .., 4..], 4)], 2);
        Assert.Equal(y.ToArray(), pieces.ToArray());
    }

    // With pairs put side by side, both forms are one.
    [Fact]
    public void The_forms_differ_in_the_order_of_features()
    {
        var x = Tensor.Randn(new Shape(5, 6), DType.Float64, generator: Random);
        var halves = new RotaryEmbedding(6).Forward(x);
        var neighbours = new RotaryEmbedding(6, interleaved: true).Forward(x.Reshape(5, 2, 3).Transpose(1, 2).Reshape(5, 6));
        Assert.Equal(halves.Reshape(5, 2, 3).Transpose(1, 2).Reshape(5, 6).ToArray<double>(), neighbours.ToArray<double>());
    }

    [Fact]
    public void Half_types_stay_what_they_are_and_are_rounded_once()
    {
        var rotary = new RotaryEmbedding(4);
        var x = Tensor.Randn(new Shape(3, 4), generator: Random).To(DType.BFloat16);
        var y = rotary.Forward(x, 7);
        Assert.Equal(DType.BFloat16, y.DType);
        Assert.Equal(rotary.Forward(x.To(DType.Float32), 7).To(DType.BFloat16).ToArray<double>(), y.ToArray<double>());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    public void No_steps_or_no_sequences(int batch, int steps)
        => Assert.Equal(new Shape(batch, steps, 4), new RotaryEmbedding(4).Forward(Tensor.Ones(batch, steps, 4)).Shape);

    [Fact]
    public void Errors_say_what_is_right()
    {
        Assert.Contains("5 features are no pairs", Assert.Throws<ArgumentException>(() => new RotaryEmbedding(5)).Message);
        Assert.Contains("base -1: it must be above 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryEmbedding(4, -1)).Message);
        Assert.Contains("expects (..., steps, 4), got (3,).",
            Assert.Throws<LayerException>(() => new RotaryEmbedding(4).Forward(Tensor.Ones(3))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => RotaryScaling.Linear(0));
        Assert.Throws<ArgumentException>(() => RotaryScaling.ByWavelength(lowFactor: 4, highFactor: 2));
    }
}
