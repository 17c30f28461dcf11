namespace DeepNet.Ops;

/// <summary>Counts of integers, and of numbers in bins.</summary>
internal static class Histogram
{
    /// <summary>Counts each integer from 0 on, or sums the weights that belong to it.</summary>
    public static Tensor Count(Tensor x, Tensor? weights, int minLength)
    {
        const string op = "bin_count";
        ArgumentOutOfRangeException.ThrowIfNegative(minLength);
        if (x.Rank != 1) throw new ArgumentException(
            $"[{op}] a tensor of shape {x.Shape}: it must have one axis. Flatten it: x.Flatten().");
        var index = Indices.Dense(op, x.DType.IsSmallInteger() ? x.To(DType.Int64) : x, x.Device);
        RequireWeights(op, x, weights);
        int length = minLength;
        if (x.Count > 0)
        {
            long least = index.Min().Item<long>(), most = index.Max().Item<long>();
            if (least < 0) throw new ArgumentException($"[{op}] the element {least} cannot be counted: integers are counted from 0 on.");
            length = Math.Max(length, Axis.Length(op, most + 1, x.Shape));
        }
        return Sum(index, weights ?? Tensor.Ones(x.Shape, DType.Int64, x.Device), length);
    }

    /// <summary>Counts in bins between rising edges. A bin holds its left edge, the last one its right edge too.</summary>
    public static (Tensor Counts, Tensor Edges) Of(Tensor x, Tensor edges, Tensor? weights, bool density)
    {
        const string op = "histogram";
        if (edges.Rank != 1 || edges.Shape[0] < 2)
            throw new ArgumentException($"[{op}] edges of shape {edges.Shape}: they must have one axis, of at least 2 edges.");
        RequireWeights(op, x, weights);
        x = x.Detach().To(DTypes.ComputeFloating(x.DType)).Flatten();
        edges = edges.Detach().To(x.Device).To(x.DType).Contiguous();
        int bins = edges.Shape[0] - 1;
        if (!(edges.Narrow(0, 1, bins) >= edges.Narrow(0, 0, bins)).All().Item<bool>())
            throw new ArgumentException($"[{op}] the {bins + 1} edges must not fall. Sort them: edges.Sort().Values.");
        // One more bin at either end gathers what is outside.
        var bin = Tensor.Where(x.Equal(edges.Select(0, bins)), (long)bins, edges.SearchSorted(x, right: true));
        var type = weights is null ? x.DType : DTypes.ComputeFloating(weights.DType);
        var values = weights?.Flatten().To(type) ?? Tensor.Ones(x.Shape, DType.Int64, x.Device);
        var counts = Sum(bin, values, bins + 2).Narrow(0, 1, bins).To(type);
        if (density) counts = counts / (edges.Narrow(0, 1, bins) - edges.Narrow(0, 0, bins)) / counts.Sum();
        return (counts.Contiguous(), edges);
    }

    /// <summary>The same in bins of equal width over a range, by default from the smallest to the largest element.</summary>
    public static (Tensor Counts, Tensor Edges) Of(Tensor x, int bins, (double Min, double Max)? range, Tensor? weights, bool density)
    {
        const string op = "histogram";
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var (min, max) = range ?? (x.Count == 0 ? (0, 0) : (x.Detach().Min().Item<double>(), x.Detach().Max().Item<double>()));
        if (!(min <= max && double.IsFinite(max - min)))
            throw new ArgumentException(
                $"[{op}] the range from {min} to {max} cannot be divided into bins. Give a finite one: range: (0, 1).");
        if (min == max) (min, max) = (min - 0.5, max + 0.5);
        return Of(x, Tensor.Linspace(min, max, bins + 1, DTypes.ComputeFloating(x.DType)), weights, density);
    }

    private static Tensor Sum(Tensor index, Tensor values, int length)
    {
        if (values.DType < DType.Int32) values = values.To(DType.Int64);
        return Tensor.Zeros(new Shape(length), values.DType, values.Device).IndexAdd(0, index, values);
    }

    private static void RequireWeights(string op, Tensor x, Tensor? weights)
    {
        if (weights is not null && !weights.Shape.Equals(x.Shape))
            throw new ArgumentException(
                $"[{op}] weights of shape {weights.Shape} for elements of shape {x.Shape}: the shapes must be equal.");
        if (weights is not null && weights.Device != x.Device) throw Elementwise.DifferentDevices(op, x, weights);
    }
}
