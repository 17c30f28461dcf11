namespace DeepNet.Ops;

/// <summary>
/// Images at places that a grid gives: places and weights of the neighbours are formulas of the grid, the sum over them a
/// <see cref="Resample"/>.
/// </summary>
internal sealed class GridSampling : ISampled
{
    private const string Op = "grid_sample";

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
        var axis = new GridAxis(mode, padding, alignCorners);
        var places = grid.Reshape(grid.Shape[0], -1, 2);
        var columns = axis.Neighbours(places.Select(2, 0), width);
        var rows = axis.Neighbours(places.Select(2, 1), height);
        var index = new List<Tensor>();
        var weight = new List<Tensor>();
        foreach (var row in rows)
            foreach (var column in columns)
            {
                index.Add(row.Place * width + column.Place);
                weight.Add(row.Weight * column.Weight);
            }
        var y = Resample.Of(
            x.Reshape(x.Shape[0], x.Shape[1], height * width, 1), Tensor.Stack([.. index], 1), Tensor.Stack([.. weight], 1));
        return y.Reshape(x.Shape[0], x.Shape[1], grid.Shape[1], grid.Shape[2]);
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
        new("nearest", x => x[0].GridSample(Sample.Values(2, 2, 2, 2).To(x[0].DType), InterpolationMode.Nearest),
            Sample.Values(2, 1, 3, 4)),
        new("affine grid", x => Tensor.AffineGrid(x[0], 2, 3), Sample.Values(2, 2, 3)),
    ];

    /// <summary>How coordinates along one axis become neighbours and weights.</summary>
    private readonly record struct GridAxis(InterpolationMode Mode, PadMode Padding, bool AlignCorners)
    {
        /// <summary>The neighbours of each place: int32 numbers within the axis, and weights, 0 for what lies outside.</summary>
        public (Tensor Place, Tensor Weight)[] Neighbours(Tensor coordinate, int length)
        {
            var at = AlignCorners ? (coordinate + 1) * ((length - 1) / 2.0) : (coordinate + 1) * (length / 2.0) - 0.5;
            if (Padding == PadMode.Reflect) at = Reflected(at, AlignCorners ? 0 : -0.5, AlignCorners ? length - 1 : length - 0.5);
            if (Padding != PadMode.Constant) at = at.Clamp(0, length - 1);
            if (Mode == InterpolationMode.Nearest)
            {
                var nearest = at.Detach().Round();
                return [(Place(nearest, length), Inside(nearest, Tensor.OnesLike(nearest), length))];
            }
            var low = at.Detach().Floor();
            var after = at - low;
            return [(Place(low, length), Inside(low, 1 - after, length)), (Place(low + 1, length), Inside(low + 1, after, length))];
        }

        private static Tensor Place(Tensor number, int length) => number.To(DType.Int32).Clamp(0, length - 1);

        private Tensor Inside(Tensor place, Tensor weight, int length)
            => Padding != PadMode.Constant ? weight
            : Where.Of((place >= 0) & (place < length), weight, Tensor.Zeros(Shape.Scalar, weight.DType, weight.Device));

        // As between two mirrors: a triangle wave.
        private static Tensor Reflected(Tensor at, double low, double high)
        {
            double span = high - low;
            if (span == 0) return at * 0 + low;
            var distance = (at - low).Abs();
            var turns = (distance.Detach() / span).Floor();
            var rest = distance - turns * span;
            return Where.Of((turns % 2).Equal(0), rest + low, high - rest);
        }
    }
}
