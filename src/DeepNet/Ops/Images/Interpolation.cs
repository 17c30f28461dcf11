namespace DeepNet.Ops;

/// <summary>
/// Images of another size, by PyTorch's rules: one axis after the other, each a <see cref="Resample"/> by taps that depend on the lengths
/// alone.
/// </summary>
internal sealed class Interpolation : ISampled
{
    private const string Op = "interpolate";

    // The parameter of the cubic polynomials: PyTorch's own, and that of image libraries where it antialiases as they do.
    private const double CubicSlope = -0.75, AntialiasedSlope = -0.5;

    /// <summary>The sizes of a scale: those of the image times it, rounded down.</summary>
    public static int[] Sizes(Shape image, double scale)
    {
        CheckRank(image);
        int[] sizes = new int[image.Rank - 2];
        for (int i = 0; i < sizes.Length; i++)
        {
            double size = Math.Floor(image[i + 2] * scale);
            if (!(size is >= 1 and <= int.MaxValue))
                throw new ArgumentOutOfRangeException(
                    nameof(scale), $"[{Op}] scale {scale} of image {image}: every axis must keep at least one element.");
            sizes[i] = (int)size;
        }
        return sizes;
    }

    /// <param name="x">(N, C, L), (N, C, H, W) or (N, C, D, H, W).</param>
    /// <param name="sizes">The lengths of all axes but N and C.</param>
    /// <param name="scale">By what the lengths were multiplied before they were rounded; null for their ratio.</param>
    /// <param name="mode">How values are computed.</param>
    /// <param name="alignCorners">True for outermost elements that stay where they are, false for outermost borders.</param>
    /// <param name="antialias">True to average over all elements that a smaller image has one for.</param>
    public static Tensor Of(Tensor x, ReadOnlySpan<int> sizes, double? scale, InterpolationMode mode, bool alignCorners, bool antialias)
    {
        CheckRank(x.Shape);
        bool isNearest = mode is InterpolationMode.Nearest or InterpolationMode.NearestExact;
        if (sizes.Length != x.Rank - 2)
            throw new ArgumentException($"[{Op}] {sizes.Length} sizes for image {x.Shape}: one for each of its {x.Rank - 2} last axes.");
        if (isNearest && (alignCorners || antialias))
            throw new ArgumentException($"[{Op}] {mode} has neither aligned corners nor antialiasing: these are for Linear and Cubic.");
        for (int i = 0; i < sizes.Length; i++)
            if (sizes[i] < 1 || x.Shape[i + 2] < 1)
                throw new ArgumentException(
                    $"[{Op}] image {x.Shape} to sizes ({string.Join(", ", sizes.ToArray())}): axis {i + 2} must have at least one element "
                    + "before and after.");
        if (!isNearest) x = Pooling.Floating(x);
        // Images whose channels lie side by side stay so.
        bool isOfPixels = x.IsChannelsLast;
        if (isOfPixels) x = x.Permute(0, 2, 3, 1);
        int first = isOfPixels ? 1 : 2;
        // What shrinks goes first, and the last axis before the others: the less is left, the less there is to do.
        for (int i = 0; i < sizes.Length; i++)
            if (sizes[i] < x.Shape[first + i]) x = Along(x, first + i, sizes[i], scale, mode, alignCorners, antialias);
        for (int i = sizes.Length - 1; i >= 0; i--)
            if (sizes[i] > x.Shape[first + i]) x = Along(x, first + i, sizes[i], scale, mode, alignCorners, antialias);
        return isOfPixels ? x.Permute(0, 3, 1, 2) : x;
    }

    private static Tensor Along(
        Tensor x, int axis, int size, double? scale, InterpolationMode mode, bool alignCorners, bool antialias)
    {
        int length = x.Shape[axis];
        double step = alignCorners ? size > 1 ? (length - 1.0) / (size - 1) : 0 : scale is { } s ? 1 / s : (double)length / size;
        if (mode is InterpolationMode.Nearest or InterpolationMode.NearestExact)
        {
            double shift = mode == InterpolationMode.Nearest ? 0 : 0.5;
            var places = new long[size];
            for (int i = 0; i < size; i++) places[i] = Math.Clamp((int)Math.Floor((i + shift) * step), 0, length - 1);
            return IndexSelect.OfChecked(x, axis, Tensor.From<long>(places, new Shape(size), x.Device));
        }
        var (index, weight) = antialias ? Averaged(length, size, step, mode)
            : mode == InterpolationMode.Linear ? Linear(length, size, step, alignCorners) : Cubic(length, size, step, alignCorners);
        var shape = new Shape(1, index.Length / size, size);
        var (outer, inner) = (Axis.Product(x.Shape, 0, axis), Axis.Product(x.Shape, axis + 1, x.Rank));
        var y = Resample.Of(
            x.Reshape(1, (int)outer, length, (int)inner), Tensor.From<int>(index, shape, x.Device),
            Tensor.From<double>(weight, shape).To(x.DType).To(x.Device));
        return y.Reshape([.. x.Shape.Axes[..axis], size, .. x.Shape.Axes[(axis + 1)..]]);
    }

    private static double Center(int i, double step, bool alignCorners) => alignCorners ? i * step : (i + 0.5) * step - 0.5;

    private static (int[] Index, double[] Weight) Linear(int length, int size, double step, bool alignCorners)
    {
        var (index, weight) = (new int[2 * size], new double[2 * size]);
        for (int i = 0; i < size; i++)
        {
            double center = Math.Max(0, Center(i, step, alignCorners));
            int place = Math.Min((int)center, length - 1);
            double after = Math.Min(center - place, 1);
            (index[i], index[i + size]) = (place, Math.Min(place + 1, length - 1));
            (weight[i], weight[i + size]) = (1 - after, after);
        }
        return (index, weight);
    }

    private static (int[] Index, double[] Weight) Cubic(int length, int size, double step, bool alignCorners)
    {
        const int taps = 4;
        var (index, weight) = (new int[taps * size], new double[taps * size]);
        for (int i = 0; i < size; i++)
        {
            double center = Center(i, step, alignCorners);
            int place = (int)Math.Floor(center);
            for (int t = 0; t < taps; t++)
            {
                index[t * size + i] = Math.Clamp(place + t - 1, 0, length - 1);
                weight[t * size + i] = CubicAt(center - (place + t - 1), CubicSlope);
            }
        }
        return (index, weight);
    }

    // A triangle or a cubic, so much wider than one element as the image shrinks; cut off at the borders, of sum 1.
    private static (int[] Index, double[] Weight) Averaged(int length, int size, double step, InterpolationMode mode)
    {
        double wide = Math.Max(step, 1), reach = (mode == InterpolationMode.Linear ? 1 : 2) * wide;
        int taps = (int)Math.Ceiling(reach) * 2 + 1;
        var (index, weight) = (new int[taps * size], new double[taps * size]);
        for (int i = 0; i < size; i++)
        {
            double center = (i + 0.5) * step, sum = 0;
            int from = Math.Max((int)(center - reach + 0.5), 0), end = Math.Min((int)(center + reach + 0.5), length);
            for (int t = 0; t < taps; t++)
            {
                index[t * size + i] = Math.Min(from + t, length - 1);
                if (from + t >= end) continue;
                double distance = (from + t - center + 0.5) / wide;
                sum += weight[t * size + i] = mode == InterpolationMode.Linear
                    ? Math.Max(0, 1 - Math.Abs(distance)) : CubicAt(distance, AntialiasedSlope);
            }
            for (int t = 0; t < taps; t++) weight[t * size + i] /= sum;
        }
        return (index, weight);
    }

    /// <summary>The weight of an element at a distance, by Keys' cubic convolution.</summary>
    private static double CubicAt(double distance, double slope)
    {
        double d = Math.Abs(distance);
        return d <= 1 ? ((slope + 2) * d - (slope + 3)) * d * d + 1 : d < 2 ? (((d - 5) * d + 8) * d - 4) * slope : 0;
    }

    private static void CheckRank(Shape image)
    {
        if (image.Rank is not (3 or 4 or 5))
            throw new ArgumentException($"[{Op}] image {image}: it must be (N, C, L), (N, C, H, W) or (N, C, D, H, W).");
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("nearest", x => x[0].Interpolate([5], InterpolationMode.NearestExact), Sample.Values(2, 2, 3)),
        new("linear, larger and smaller", x => x[0].Interpolate([6, 2], InterpolationMode.Linear), Sample.Values(1, 2, 3, 4)),
        new("linear by a scale, corners", x => x[0].Interpolate(1.7, InterpolationMode.Linear, alignCorners: true),
            Sample.Values(1, 1, 2, 3, 2)),
        new("cubic", x => x[0].Interpolate(1.6, InterpolationMode.Cubic), Sample.Values(2, 1, 4, 3)),
        new("antialiased", x => x[0].Interpolate([2, 3], InterpolationMode.Cubic, antialias: true), Sample.Values(1, 1, 5, 6)),
    ];
}
