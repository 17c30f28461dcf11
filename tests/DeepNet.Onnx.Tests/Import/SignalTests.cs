using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Import;

public class SignalTests
{
    private static Tensor Number(long value) => Tensor.FromScalar(value, DType.Int64);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_transform_gives_the_parts_of_a_wave_and_the_inverse_the_wave(bool isOneSided)
    {
        // 3 + cos of one turn + 2 sin of two turns in 8 steps.
        var wave = Tensor.From<float>([.. Enumerable.Range(0, 8).Select(
            i => (float)(3 + Math.Cos(Math.PI * i / 4) + 2 * Math.Sin(Math.PI * i / 2)))], new Shape(1, 8, 1));
        var model = new Small(17).Input("x", 1, 8, 1).Node("DFT", ["x"], "y", ("axis", 1), ("onesided", isOneSided ? 1 : 0)).Load("y");
        var y = model.Forward(wave);
        float[] expected = [24, 0, 4, 0, 0, -8, 0, 0, 0, 0, 0, 0, 0, 8, 4, 0];
        RoundTrip.Same(Tensor.From<float>(isOneSided ? expected[..10] : expected, new Shape(1, isOneSided ? 5 : 8, 2)), y, 1e-5);
        if (isOneSided) return;
        var back = new Small(17).Input("y", 1, 8, 2).Node("DFT", ["y"], "x", ("axis", 1), ("inverse", 1)).Load("x").Forward(y);
        RoundTrip.Same(wave, back.Narrow(2, 0, 1), 1e-6);
        RoundTrip.Same(Tensor.Zeros(1, 8, 1), back.Narrow(2, 1, 1), 1e-6);
    }

    [Fact]
    public void Frames_are_transformed_each()
    {
        var x = Tensor.Normal(new Shape(2, 20), 0, 1, generator: new Generator(1));
        var window = Tensor.Linspace(0.5, 1, 8);
        var model = new Small(17).Input("x", 2, 20).Weight("step", Number(4)).Weight("window", window)
            .Node("STFT", ["x", "step", "window"], "y").Load("y");
        var one = new Small(17).Input("x", 2, 8, 1).Node("DFT", ["x"], "y", ("axis", 1), ("onesided", 1)).Load("y");
        var y = model.Forward(x);
        Assert.Equal(new Shape(2, 4, 5, 2), y.Shape);
        for (int i = 0; i < 4; i++)
            RoundTrip.Same(one.Forward((x.Narrow(1, 4 * i, 8) * window).Unsqueeze(-1)), y.Select(1, i), 1e-5);
    }

    [Theory]
    [InlineData("HannWindow", 1, 0, 0.5, 1)]
    [InlineData("HannWindow", 0, 0, 0.75, 0.75)]
    [InlineData("HammingWindow", 1, 4.0 / 46, 25.0 / 46, 1)]
    [InlineData("BlackmanWindow", 1, 0, 0.34, 1)]
    public void Windows_begin_low_and_have_their_top_in_the_middle(string name, int periodic, double first, double second, double third)
    {
        var model = new Small(17).Input("x", 4).Weight("size", Number(4)).Node(name, ["size"], "w", ("periodic", periodic))
            .Node("Mul", ["x", "w"], "y").Load("y");
        RoundTrip.Same(Tensor.From<float>((float)first, (float)second, (float)third, periodic == 1 ? (float)second : (float)first),
            model.Forward(Tensor.Ones(4)), 1e-6);
    }
}
