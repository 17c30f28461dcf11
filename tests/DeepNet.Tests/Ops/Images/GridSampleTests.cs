namespace DeepNet.Tests.Operators;

public class GridSampleTests
{
    private readonly Tensor image = Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(1, 1, 2, 3));

    [Theory]
    [InlineData(false), InlineData(true)]
    public void The_identity_gives_the_image(bool alignCorners)
    {
        var theta = Tensor.From<float>([1, 0, 0, 0, 1, 0], new Shape(1, 2, 3));
        var grid = Tensor.AffineGrid(theta, 2, 3, alignCorners);
        float[] y = image.GridSample(grid, alignCorners: alignCorners).ToArray();
        for (int i = 0; i < y.Length; i++) Assert.Equal(i + 1, y[i], 1e-5);
    }

    [Fact]
    public void Outside_are_zeros_or_what_the_padding_says()
    {
        var grid = Tensor.From<float>([5, 0, -5, -5], new Shape(1, 1, 2, 2));
        Assert.Equal([0, 0], image.GridSample(grid).ToArray());
        Assert.Equal([4.5f, 1], image.GridSample(grid, padding: PadMode.Replicate).ToArray());
    }

    [Fact]
    public void Places_that_are_no_numbers_read_no_memory_and_infinite_pixels_stay_where_they_are()
    {
        var grid = Tensor.From<float>(
            [float.NaN, 0, float.PositiveInfinity, 0, float.NegativeInfinity, float.NaN, 1e30f, -1e30f], new Shape(1, 1, 4, 2));
        foreach (var padding in new[] { PadMode.Constant, PadMode.Replicate, PadMode.Reflect })
            foreach (var mode in new[] { InterpolationMode.Linear, InterpolationMode.Nearest })
                Assert.Equal(4, image.GridSample(grid, mode, padding).Count);
        var infinite = Tensor.Full(new Shape(1, 1, 2, 3), float.PositiveInfinity);
        Assert.Equal([0], infinite.GridSample(Tensor.From<float>([9, 9], new Shape(1, 1, 1, 2))).ToArray());
    }

    [Fact]
    public void No_places_and_no_images_give_nothing()
    {
        Assert.Equal(new Shape(1, 1, 0, 3), image.GridSample(Tensor.Zeros(1, 0, 3, 2)).Shape);
        var x = Tensor.Zeros(0, 2, 3, 3).WithGrad();
        x.GridSample(Tensor.Zeros(0, 2, 2, 2)).Backward(Tensor.Zeros(0, 2, 2, 2));
        Assert.Equal(x.Shape, x.Grad!.Shape);
    }

    [Fact]
    public void The_image_and_the_grid_get_gradients_of_many_places_and_channels()
    {
        // More places than one block has, and channels that are left over.
        var x = Tensor.Randn(new Shape(2, 5, 9, 8), DType.Float64, generator: new Generator(1)).WithGrad();
        var grid = (Tensor.Rand(new Shape(2, 20, 31, 2), DType.Float64, generator: new Generator(2)) * 2.4 - 1.2).Detach().WithGrad();
        var up = Tensor.Randn(new Shape(2, 5, 20, 31), DType.Float64, generator: new Generator(3));
        x.GridSample(grid).Backward(up);
        Tensor whole = x.Grad!, places = grid.Grad!;
        for (int row = 0; row < 20; row += 7)
        {
            var (part, cut) = (x.Detach().WithGrad(), grid.Detach().Narrow(1, row, 1).Clone().WithGrad());
            part.GridSample(cut).Backward(up.Narrow(2, row, 1));
            double[] expected = cut.Grad!.ToArray<double>(), actual = places.Narrow(1, row, 1).ToArray<double>();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12 * Math.Max(1, Math.Abs(expected[i])));
        }
        // The sum of an image's gradient is that of the upstream one times the weights, which are 1 inside.
        var ones = Tensor.Ones(new Shape(2, 5, 9, 8), DType.Float64).GridSample(grid.Detach());
        Assert.Equal((ones * up).Sum().Item<double>(), whole.Sum().Item<double>(), 1e-10);
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        static string Of(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.StartsWith("[grid_sample] image (1, 1, 2, 3) and grid (2, 1, 1, 2): they must be (N, C, H, W) and (N, height, width, 2)",
            Of(() => image.GridSample(Tensor.Zeros(2, 1, 1, 2))));
        Assert.StartsWith("[grid_sample] mode Cubic", Of(() => image.GridSample(Tensor.Zeros(1, 1, 1, 2), InterpolationMode.Cubic)));
        Assert.StartsWith("[grid_sample] padding Circular",
            Of(() => image.GridSample(Tensor.Zeros(1, 1, 1, 2), padding: PadMode.Circular)));
        Assert.StartsWith("[affine_grid] maps of shape (2, 3)", Of(() => Tensor.AffineGrid(Tensor.Zeros(2, 3), 1, 1)));
    }
}
