namespace DeepNet.Ops;

/// <summary>
/// Images at places that a grid gives: places and weights of the neighbours are formulas of the grid, the sum over them a
/// <see cref="Resample"/>.
/// </summary>
internal sealed class GridSampling : ISampled
{
    private const string Op = "grid_sample";

    private const int LeastChannels = 8;

    public static Tensor Of(Tensor x, Tensor grid, InterpolationMode mode, PadMode padding, bool alignCorners)
    {
        if (x.Rank != 4 || grid.Rank != 4 || grid.Shape[3] != 2 || grid.Shape[0] != x.Shape[0])
            throw new ArgumentException(
                $"[{Op}] image {x.Shape} and grid {grid.Shape}: they must be (N, C, H, W) and (N, height, width, 2), where the last axis "
                + "is (x, y).");
        if (mode is not (InterpolationMode.Nearest or InterpolationMode.Linear))
            throw new ArgumentException($"[{Op}] mode {mode}: it must be Nearest or Linear.");
        if (padding == PadMode.Circular)
            throw new ArgumentException($"[{Op}] padding {padding}: it must be Constant (which is 0), Replicate or Reflect.");
        int height = x.Shape[2], width = x.Shape[3];
        if (height == 0 || width == 0) throw new ArgumentException($"[{Op}] image {x.Shape} has no elements to take values from.");
        (x, grid) = Operands.MeetFloating(Op, Pooling.Floating(x), Pooling.Floating(grid));
        var (place, weight) = Neighbours(grid, [width, height], mode, padding, alignCorners);
        // Each neighbour in a row with each in a column, so many taps in all.
        var index = place.Select(0, 1).Unsqueeze(2) * width + place.Select(0, 0).Unsqueeze(1);
        weight = weight.Select(0, 1).Unsqueeze(2) * weight.Select(0, 0).Unsqueeze(1);
        int samples = x.Shape[0], channels = x.Shape[1], taps = index.Shape[1] * index.Shape[2], count = grid.Shape[1] * grid.Shape[2];
        (index, weight) = (index.Reshape(samples, taps, count), weight.Reshape(samples, taps, count));
        if (x.Device.KnowsChannelsLast && channels >= LeastChannels)
        {
            // Pixel by pixel: a tap then moves a row of vectors.
            var pixels = Resample.Of(x.Permute(0, 2, 3, 1).Reshape(samples, 1, height * width, channels), index, weight);
            return pixels.Reshape(samples, grid.Shape[1], grid.Shape[2], channels).Permute(0, 3, 1, 2);
        }
        var y = Resample.Of(x.Reshape(samples, channels, height * width, 1), index, weight);
        return y.Reshape(samples, channels, grid.Shape[1], grid.Shape[2]);
    }

    /// <summary>
    /// The neighbours of all places along both axes, (2, N, taps, places): int32 numbers within the axis, and weights, 0 for what lies
    /// outside.
    /// </summary>
    private static (Tensor Place, Tensor Weight) Neighbours(
        Tensor grid, ReadOnlySpan<int> lengths, InterpolationMode mode, PadMode padding, bool alignCorners)
    {
        double inset = alignCorners ? 0 : 0.5;
        int[] last = [lengths[0] - 1, lengths[1] - 1];
        Tensor PerAxis(Func<int, double> number)
            => Tensor.From<double>([number(last[0]), number(last[1])], new Shape(2, 1, 1, 1)).To(grid.DType).To(grid.Device);
        var at = grid.Reshape(grid.Shape[0], grid.Shape[1] * grid.Shape[2], 2).Permute(2, 0, 1).Unsqueeze(2)
            * PerAxis(end => end / 2.0 + inset) + PerAxis(end => end / 2.0);
        if (padding == PadMode.Reflect) at = Reflected(at, -inset, PerAxis(end => end + 2 * inset));
        if (padding != PadMode.Constant) at = at.Maximum(0).Minimum(PerAxis(end => end));
        var nearest = mode == InterpolationMode.Nearest ? at.Detach().Round() : at.Detach().Floor();
        var place = nearest.To(DType.Int32);
        var weight = Tensor.OnesLike(nearest);
        if (mode == InterpolationMode.Linear)
        {
            place = place + Tensor.From<int>([0, 1], new Shape(2, 1)).To(grid.Device);
            var after = at - nearest;
            weight = Tensor.Cat([1 - after, after], 2);
        }
        var inside = place.Clamp(min: 0).Minimum(PerAxis(end => end).To(DType.Int32));
        return padding != PadMode.Constant ? (inside, weight)
            : (inside, Where.Of(inside.Equal(place), weight, Tensor.Zeros(Shape.Scalar, weight.DType, weight.Device)));
    }

    // As between two mirrors, so far from each other: a triangle wave.
    private static Tensor Reflected(Tensor at, double low, Tensor span)
    {
        var distance = (at - low).Abs();
        var turns = (distance.Detach() / span.Clamp(min: 1)).Floor();
        var rest = distance - turns * span;
        return Where.Of((turns % 2).Equal(0), rest, span - rest) + low;
    }

    /// <summary>The grid of an affine map: θ·(x, y, 1) for each pixel of the result.</summary>
    public static Tensor Affine(Tensor theta, int height, int width, bool alignCorners)
    {
        const string op = "affine_grid";
        if (theta.Rank != 3 || theta.Shape[1] != 2 || theta.Shape[2] != 3)
            throw new ArgumentException($"[{op}] maps of shape {theta.Shape}: they must be (N, 2, 3).");
        if (height < 1 || width < 1) throw new ArgumentException($"[{op}] a grid of {height} × {width}: both must be at least 1.");
        theta = Pooling.Floating(theta);
        var pixels = new double[(long)height * width * 3];
        for (int row = 0, at = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                pixels[at++] = Coordinate(column, width, alignCorners);
                pixels[at++] = Coordinate(row, height, alignCorners);
                pixels[at++] = 1;
            }
        var homogeneous = Tensor.From<double>(pixels, new Shape(height * width, 3)).To(theta.DType).To(theta.Device);
        return homogeneous.MatMul(theta.Transpose(1, 2)).Reshape(theta.Shape[0], height, width, 2);
    }

    private static double Coordinate(int i, int length, bool alignCorners)
        => alignCorners ? length > 1 ? 2.0 * i / (length - 1) - 1 : 0 : (2.0 * i + 1) / length - 1;

    public static IEnumerable<Sample> Samples =>
    [
        new("linear", x => x[0].GridSample(x[1] * 0.6), Sample.Values(2, 3, 3, 4), Sample.Values(2, 2, 3, 2)),
        new("linear, mirrored", x => x[0].GridSample(x[1], padding: PadMode.Reflect), Sample.Values(1, 2, 4, 3), Sample.Values(1, 3, 2, 2)),
        new("linear, outermost, corners", x => x[0].GridSample(x[1], padding: PadMode.Replicate, alignCorners: true),
            Sample.Values(1, 1, 3, 3), Sample.Values(1, 2, 2, 2)),
        new("many channels", x => x[0].GridSample(x[1] * 0.6), Sample.Values(2, 9, 2, 3), Sample.Values(2, 1, 2, 2)),
        new("nearest", x => x[0].GridSample(Sample.Values(2, 2, 2, 2).To(x[0].DType).To(x[0].Device), InterpolationMode.Nearest),
            Sample.Values(2, 1, 3, 4)),
        new("affine grid", x => Tensor.AffineGrid(x[0], 2, 3), Sample.Values(2, 2, 3)),
    ];
}
