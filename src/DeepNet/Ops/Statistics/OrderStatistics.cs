namespace DeepNet.Ops;

/// <summary>
/// Elements by their rank along an axis: quantiles, medians and the k-th smallest. NaN is the largest; the gradient goes to the elements
/// that the result is made of.
/// </summary>
internal sealed class OrderStatistics : ISampled
{
    private OrderStatistics() { }

    /// <summary>The element of rank k − 1 and its place.</summary>
    public static (Tensor Values, Tensor Indices) KthValue(Tensor x, int k, int axis, bool keepDim)
    {
        axis = Axis.Normalize("kth_value", axis, x.Shape);
        if (k < 1 || k > x.Shape[axis])
            throw new ArgumentOutOfRangeException(
                nameof(k), $"[kth_value] k = {k} along axis {axis} of shape {x.Shape}: k goes from 1 to the axis' length, "
                + $"{x.Shape[axis]}.");
        return At(x, axis, Places(x, axis, [k - 1]), keepDim);
    }

    /// <summary>The element in the middle, of two the smaller one; NaN where there is one, unless it is to be ignored.</summary>
    public static (Tensor Values, Tensor Indices) Median(Tensor x, int axis, bool keepDim, bool ignoreNan)
    {
        axis = Axis.Normalize("median", axis, x.Shape);
        Reduction.RequireElements("median", x.Shape, 1u << axis);
        int last = x.Shape[axis] - 1;
        if (!x.DType.IsFloating()) return At(x, axis, Places(x, axis, [last / 2]), keepDim);
        Tensor places;
        using (GradSwitch.Off())
        {
            if (ignoreNan)
            {
                var (order, counts) = WithoutNan("median", x, axis);
                places = order.Gather(axis, (counts - 1).Clamp(min: 0).FloorDivide(2));
            }
            else
            {
                // The largest tells whether there is NaN.
                int[] ranks = last == 0 ? [0] : [last / 2, last];
                var ends = Places(x, axis, ranks);
                Tensor middle = ends.Narrow(axis, 0, 1), end = ends.Narrow(axis, ranks.Length - 1, 1);
                places = Tensor.Where(x.Gather(axis, end).IsNaN(), end, middle);
            }
        }
        return At(x, axis, places, keepDim);
    }

    /// <summary>Quantiles for several probabilities, in front of the other axes; or for one, without that axis.</summary>
    public static Tensor Quantile(
        Tensor x, ReadOnlySpan<double> probabilities, int axis, bool keepDim, bool isSingle, QuantileInterpolation interpolation,
        bool ignoreNan)
    {
        const string op = "quantile";
        foreach (double q in probabilities)
            if (!(q is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(probabilities), $"[{op}] {q} is not a probability: it must be from 0 to 1.");
        x = Reduction.RequireFloating(op, x);
        axis = Axis.Normalize(op, axis, x.Shape);
        Reduction.RequireElements(op, x.Shape, 1u << axis);
        var result = ignoreNan
            ? OfNumbers(x, probabilities, axis, interpolation)
            : OfAll(x, probabilities, axis, interpolation);
        if (isSingle) return keepDim ? result : result.Squeeze(axis);
        result = result.MoveAxis(axis, 0);
        return keepDim ? result.Unsqueeze(axis + 1) : result;
    }

    /// <summary>Quantiles along the axis, of which there are as many as probabilities; NaN where a row has NaN.</summary>
    private static Tensor OfAll(Tensor x, ReadOnlySpan<double> probabilities, int axis, QuantileInterpolation interpolation)
    {
        int last = x.Shape[axis] - 1;
        var positions = Tensor.From(probabilities, new Shape(probabilities.Length)) * last;
        var (lower, upper, weight) = Between(positions, interpolation);
        // The largest tells whether there is NaN.
        long[] low = lower.ToArray<long>(), high = upper.ToArray<long>();
        int[] ranks = [.. low.Concat(high).Append(last).Distinct().Order().Select(rank => (int)rank)];
        var elements = Gather.OfChecked(x, axis, Places(x, axis, ranks));
        var result = Mix(OfRanks(low), OfRanks(high), Along(weight, x, axis).To(x.Device), interpolation);
        var largest = elements.Narrow(axis, ranks.Length - 1, 1);
        return Tensor.Where(largest.IsNaN(), largest, result);

        Tensor OfRanks(long[] wanted)
            => elements.IndexSelect(axis, Tensor.From<long>([.. wanted.Select(rank => (long)Array.BinarySearch(ranks, (int)rank))]));
    }

    /// <summary>The same of the numbers in each row, whose count differs; NaN where there is none.</summary>
    private static Tensor OfNumbers(Tensor x, ReadOnlySpan<double> probabilities, int axis, QuantileInterpolation interpolation)
    {
        Tensor lower, upper, weight;
        using (GradSwitch.Off())
        {
            var (order, counts) = WithoutNan("quantile", x, axis);
            var wanted = Along(Tensor.From(probabilities, new Shape(probabilities.Length)), x, axis);
            (lower, upper, weight) = Between((counts - 1).Clamp(min: 0).To(Device.Cpu).To(DType.Float64) * wanted, interpolation);
            (lower, upper, weight) = (order.Gather(axis, lower.To(x.Device)), order.Gather(axis, upper.To(x.Device)), weight.To(x.Device));
        }
        return Mix(Gather.OfChecked(x, axis, lower), Gather.OfChecked(x, axis, upper), weight, interpolation);
    }

    /// <summary>The ranks around positions, and how much of the way from one to the other the position is.</summary>
    private static (Tensor Lower, Tensor Upper, Tensor Weight) Between(Tensor positions, QuantileInterpolation interpolation)
    {
        Tensor floor = positions.Floor(), ceiling = positions.Ceil();
        (Tensor lower, Tensor upper, Tensor weight) = interpolation switch
        {
            QuantileInterpolation.Linear => (floor, ceiling, positions - floor),
            QuantileInterpolation.Midpoint => (floor, ceiling, Tensor.FullLike(positions, 0.5)),
            QuantileInterpolation.Lower => (floor, floor, positions),
            QuantileInterpolation.Higher => (ceiling, ceiling, positions),
            QuantileInterpolation.Nearest when positions.Round() is var nearest => (nearest, nearest, positions),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "[quantile] there is no such interpolation."),
        };
        return (lower.To(DType.Int64), upper.To(DType.Int64), weight);
    }

    private static Tensor Mix(Tensor lower, Tensor upper, Tensor weight, QuantileInterpolation interpolation)
        => interpolation is QuantileInterpolation.Linear or QuantileInterpolation.Midpoint ? lower.Lerp(upper, weight) : lower;

    /// <summary>A vector as it broadcasts along an axis.</summary>
    private static Tensor Along(Tensor vector, Tensor x, int axis)
    {
        Span<int> lengths = stackalloc int[x.Rank];
        lengths.Fill(1);
        lengths[axis] = vector.Shape[0];
        return vector.Reshape(lengths);
    }

    /// <summary>The places of elements of rising ranks along an axis.</summary>
    private static Tensor Places(Tensor x, int axis, ReadOnlySpan<int> ranks)
    {
        using var off = GradSwitch.Off();
        var rows = Reduction.ToLast(x.To(DTypes.Compute(x.DType)), axis).Contiguous();
        Span<int> lengths = stackalloc int[x.Rank];
        rows.Shape.Axes.CopyTo(lengths);
        lengths[^1] = ranks.Length;
        var places = Tensor.Allocate(new Shape(lengths), DType.Int64, x.Device);
        ComposedSearcher.Of(x.Device).PlacesOfRanks(rows, ranks, places);
        rows.EndRead("rank");
        return Reduction.FromLast(places, axis).Contiguous();
    }

    /// <summary>The order along an axis, NaN last, and the number of elements before NaN.</summary>
    private static (Tensor Order, Tensor Counts) WithoutNan(string op, Tensor x, int axis)
        => (Sorting.ArgSort(op, x, axis, isDescending: false), (!x.IsNaN()).Sum(axis, keepDim: true));

    /// <summary>The elements at places along an axis of length 1, and the places.</summary>
    public static (Tensor Values, Tensor Indices) At(Tensor x, int axis, Tensor places, bool keepDim)
    {
        var values = Gather.OfChecked(x.To(DTypes.Compute(x.DType)), axis, places);
        return keepDim ? (values, places) : (values.Squeeze(axis), places.Squeeze(axis));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("third smallest", x => x[0].KthValue(3, 1).Values, Sample.Values(2, 5)),
        new("median of columns", x => x[0].Median(0, keepDim: true).Values.Square(), Sample.Values(4, 3)),
        new("median of all", x => x[0].Median(), Sample.Values(3, 5)),
        new("quantiles of rows", x => x[0].Quantile([0.1, 0.5, 0.77], 1).Square(), Sample.Values(2, 7)),
        new("quantile of all, from the ends inwards", x => x[0].Quantile(0.3, interpolation: QuantileInterpolation.Midpoint),
            Sample.Values(3, 4)),
        new("quantile of numbers", x => x[0].Quantile(0.6, 0, ignoreNan: true), Sample.Values(5, 2)),
    ];
}
