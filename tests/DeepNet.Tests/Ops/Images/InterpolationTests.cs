using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

public class InterpolationTests
{
    [Fact]
    public void Values_lie_on_straight_lines()
    {
        var x = Tensor.From<float>([0, 3, 9], new Shape(1, 1, 3));
        Assert.Equal([0, 0.75f, 2.25f, 4.5f, 7.5f, 9], x.Interpolate([6], InterpolationMode.Linear).ToArray());
        Assert.Equal([0, 1.5f, 3, 6, 9], x.Interpolate([5], InterpolationMode.Linear, alignCorners: true).ToArray());
        Assert.Equal([0, 0, 3, 3, 9, 9], x.Interpolate(2.0).ToArray());
        Assert.Equal([0, 3], x.Interpolate([2]).ToArray());
        Assert.Equal([0, 9], x.Interpolate([2], InterpolationMode.NearestExact).ToArray());
    }

    [Fact]
    public void Nearest_keeps_the_element_type_and_integers()
    {
        var x = Tensor.From<int>([1, 2, 3, 4], new Shape(1, 1, 2, 2));
        var y = x.Interpolate(2.0);
        Assert.Equal(DType.Int32, y.DType);
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], y.ToArray<int>());
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_constant_image_stays_constant(bool antialias)
    {
        foreach (var mode in new[] { InterpolationMode.Linear, InterpolationMode.Cubic })
        {
            var y = Tensor.Full(new Shape(1, 1, 7, 5), 3, DType.Float64).Interpolate([3, 11], mode, antialias: antialias);
            Assert.All(y.ToArray<double>(), v => Assert.Equal(3, v, 1e-14));
        }
    }

    [Fact]
    public void Of_the_same_size_it_is_the_image_itself()
    {
        var x = Tensor.Randn(1, 2, 3, 4);
        Assert.Same(x, x.Interpolate([3, 4], InterpolationMode.Cubic));
    }

    [Fact]
    public void Channels_that_lie_side_by_side_give_the_same_and_stay_so()
    {
        var x = Tensor.Randn(new Shape(2, 3, 5, 4), DType.Float64, generator: new Generator(1));
        var pixels = x.InChannelsLast();
        Assert.True(pixels.IsChannelsLast);
        foreach (var mode in Enum.GetValues<InterpolationMode>())
        {
            var y = pixels.Interpolate([7, 3], mode);
            Assert.True(y.IsChannelsLast);
            Near(x.Interpolate([7, 3], mode), y);
        }
    }

    [Fact]
    public void Views_and_nothing_are_images_too()
    {
        var x = Tensor.Randn(new Shape(2, 6, 3, 4), DType.Float64, generator: new Generator(2));
        var view = x.Slice(1, 0, null, 2).Flip(3).Transpose(2, 3);
        Near(view.Clone().Interpolate([2, 5], InterpolationMode.Linear), view.Interpolate([2, 5], InterpolationMode.Linear));
        Assert.Equal(new Shape(0, 3, 4, 4), Tensor.Zeros(0, 3, 2, 2).Interpolate(2.0, InterpolationMode.Linear).Shape);
        var empty = Tensor.Zeros(2, 0, 2, 2).WithGrad();
        empty.Interpolate(2.0, InterpolationMode.Cubic).Backward(Tensor.Zeros(2, 0, 4, 4));
        Assert.Equal(empty.Shape, empty.Grad!.Shape);
    }

    [Fact]
    public void Infinities_stay_where_they_count()
    {
        var x = Tensor.From<float>([1, float.PositiveInfinity, 3, 4], new Shape(1, 1, 4));
        float[] y = x.Interpolate([7], InterpolationMode.Linear, alignCorners: true).ToArray();
        float infinity = float.PositiveInfinity;
        Assert.Equal([1, infinity, infinity, infinity, 3, 3.5f, 4], y);
    }

    [Fact]
    public void Half_types_give_float32()
        => Assert.Equal(DType.Float32, Tensor.Zeros(new Shape(1, 1, 2), DType.Float16).Interpolate([3], InterpolationMode.Linear).DType);

    [Fact]
    public void Composed_of_other_operators_it_is_the_same()
    {
        var x = Tensor.Randn(new Shape(2, 3, 5, 2), DType.Float64, generator: new Generator(3));
        var index = Tensor.From<int>([0, 4, 2, 2, 3, 1, 1, 0, 0, 4, 4, 1], new Shape(2, 2, 3));
        var weight = Tensor.From<double>([1, 0, 2, -1, 0.5, 0, 0, 0, 1, 2, 0, 3], new Shape(2, 2, 3));
        Near(Resample.Composed(x, index, weight), Resample.Of(x, index, weight));
        Assert.Equal(new Shape(0, 3, 3, 2), Resample.Composed(x.Narrow(0, 0, 0), index.Narrow(0, 0, 0), weight.Narrow(0, 0, 0)).Shape);
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        static string Of(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        var x = Tensor.Zeros(1, 2, 3, 4);
        Assert.StartsWith("[interpolate] image (3, 4): it must be (N, C, L), (N, C, H, W) or (N, C, D, H, W).",
            Of(() => Tensor.Zeros(3, 4).Interpolate([2])));
        Assert.Equal("[interpolate] 1 sizes for image (1, 2, 3, 4): one for each of its 2 last axes.", Of(() => x.Interpolate([2])));
        Assert.StartsWith("[interpolate] Nearest has neither aligned corners", Of(() => x.Interpolate([2, 2], alignCorners: true)));
        Assert.StartsWith("[interpolate] image (1, 2, 3, 4) to sizes (2, 0): axis 3 must have", Of(() => x.Interpolate([2, 0])));
        Assert.StartsWith("[interpolate] scale 0.1 of image (1, 2, 3, 4): every axis", Of(() => x.Interpolate(0.1)));
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] wanted = expected.ToArray<double>(), given = actual.ToArray<double>();
        for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], given[i], 1e-14 * Math.Max(1, Math.Abs(wanted[i])));
    }
}
