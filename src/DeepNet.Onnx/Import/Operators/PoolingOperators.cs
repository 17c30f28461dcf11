namespace DeepNet.Onnx;

/// <summary>Poolings: the largest element, mean or norm of windows.</summary>
internal static class PoolingOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Many("MaxPool", MaxPool);
        table.Same("AveragePool", AveragePool);
        table.Same("LpPool", LpPool);
        table.Same("GlobalAveragePool", call => call[0].Rank == 4 ? call[0].AdaptiveAvgPool2d(1)
            : call[0].Mean(Places(call[0]), keepDim: true));
        table.Same("GlobalMaxPool", call => call[0].Max(Places(call[0]), keepDim: true));
        table.Same("GlobalLpPool", call => call[0].Norm(call.Float("p", 2), Places(call[0]), keepDim: true));
        table.Same("MaxUnpool", MaxUnpool);
    }

    private static int[] Places(Tensor x) => [.. Enumerable.Range(2, x.Rank - 2)];

    private static Windows WindowsOf(Call call, Tensor x)
        => Windows.Of(call, x.Shape, call.Ints("kernel_shape") ?? throw new ArgumentException("the attribute 'kernel_shape' is missing."));

    /// <summary>
    /// Computes the length to add behind each axis for the last window to be whole, or, negative, the length that no window reaches.
    /// </summary>
    private static int[] Fill(Call call, in Windows at, Shape image)
    {
        var after = new int[at.Rank];
        for (int i = 0; i < after.Length; i++)
        {
            int length = image[i + 2] + at.Before[i] + at.After[i], room = length - at.Reach(i), stride = at.Strides[i];
            if (room < 0) throw new ArgumentException($"windows of {at.Reach(i)} do not fit an axis of {length}.");
            int windows = room / stride + 1;
            // One more window, if it begins before what is added at the end.
            if (call.Flag("ceil_mode") && room % stride != 0 && windows * stride < image[i + 2] + at.Before[i]) windows++;
            after[i] = (windows - 1) * stride + at.Reach(i) - image[i + 2] - at.Before[i];
        }
        return after;
    }

    /// <summary>True if as much may be added behind as before each axis, since no window reaches what is too much.</summary>
    private static bool IsPlain(in Windows at, int[] after, Shape image)
    {
        for (int i = 0; i < at.Rank; i++)
        {
            int room = image[i + 2] + at.Before[i] - at.Reach(i);
            if (at.Before[i] < 0 || 2 * at.Before[i] > at.Kernel[i]) return false;
            if ((room + at.Before[i]) / at.Strides[i] != (room + after[i]) / at.Strides[i]) return false;
        }
        return true;
    }

    private static Tensor?[] MaxPool(Call call)
    {
        var x = call[0];
        var at = WindowsOf(call, x);
        int[] after = Fill(call, at, x.Shape);
        if (call.Wants(1)) return WithIndices(call, x, at, after);
        if (x.DType.IsSmallInteger()) x = x.To(DType.Float32);
        bool isPlain = IsPlain(at, after, x.Shape);
        var image = isPlain ? x : Windows.Padded(x, at.Before, after, double.NegativeInfinity);
        int[] k = at.Kernel, s = at.Strides, d = at.Dilations, p = isPlain ? at.Before : new int[at.Rank];
        var y = at.Rank switch
        {
            1 => image.MaxPool1d(k[0], s[0], p[0], d[0]),
            2 => image.MaxPool2d((k[0], k[1]), (s[0], s[1]), (p[0], p[1]), (d[0], d[1])),
            3 => image.MaxPool3d((k[0], k[1], k[2]), (s[0], s[1], s[2]), (p[0], p[1], p[2]), (d[0], d[1], d[2])),
            _ => throw new NotSupportedException($"windows of {at.Rank} axes; 1 to 3 there are."),
        };
        return [y.To(call[0].DType)];
    }

    // The places are those in the whole tensor, images one after the other.
    private static Tensor?[] WithIndices(Call call, Tensor x, in Windows at, int[] after)
    {
        if (at.Rank is not (1 or 2)) throw new NotSupportedException($"indices of windows of {at.Rank} axes.");
        bool isSignal = at.Rank == 1;
        var image = Windows.Padded(x.To(DTypes.ComputeFloating(x.DType)), at.Before, after, double.NegativeInfinity);
        if (isSignal) image = image.Unsqueeze(2);
        Pair kernel = isSignal ? (1, at.Kernel[0]) : (at.Kernel[0], at.Kernel[1]);
        Pair strides = isSignal ? (1, at.Strides[0]) : (at.Strides[0], at.Strides[1]);
        Pair dilations = isSignal ? (1, at.Dilations[0]) : (at.Dilations[0], at.Dilations[1]);
        var (y, places) = image.MaxPool2dWithIndices(kernel, strides, 0, dilations);
        int height = isSignal ? 1 : x.Shape[2], width = x.Shape[^1], top = isSignal ? 0 : at.Before[0], left = at.Before[^1];
        places = places.To(DType.Int64);
        Tensor row = places.FloorDivide(image.Shape[3]) - top, column = places % image.Shape[3] - left;
        var inPlane = call.Flag("storage_order") ? row + column * (long)height : row * (long)width + column;
        var planes = Tensor.Arange(0L, x.Shape[0] * x.Shape[1], 1, DType.Int64, x.Device).Reshape(x.Shape[0], x.Shape[1], 1, 1);
        var indices = inPlane + planes * ((long)height * width);
        return isSignal ? [y.Squeeze(2).To(x.DType), indices.Squeeze(2)] : [y.To(x.DType), indices];
    }

    private static Tensor AveragePool(Call call)
    {
        var x = call[0];
        var at = WindowsOf(call, x);
        int[] after = Fill(call, at, x.Shape);
        bool countsPadding = call.Flag("count_include_pad");
        if (IsPlain(at, after, x.Shape) && at.Dilations.All(d => d == 1)) return Mean(x, at, at.Before, countsPadding);
        var sums = Mean(Windows.Padded(x, at.Before, after, 0), at, new int[at.Rank], true);

        // The share of each window that is counted.
        var ones = Tensor.Ones(new Shape([1, 1, .. x.Shape.Axes[2..]]), x.DType, x.Device);
        int[] rest = [.. after.Zip(at.After, (all, added) => all - Math.Max(added, 0))];
        if (countsPadding) ones = Windows.Padded(ones, at.Before, [.. at.After.Zip(after, Math.Min)], 1);
        ones = countsPadding ? Windows.Padded(ones, new int[at.Rank], [.. rest.Select(n => Math.Max(n, 0))], 0)
            : Windows.Padded(ones, at.Before, after, 0);
        return sums / Mean(ones, at, new int[at.Rank], true);
    }

    private static Tensor Mean(Tensor x, in Windows at, int[] p, bool countsPadding)
    {
        int[] k = at.Kernel, s = at.Strides;
        if (at.Dilations.Any(d => d != 1)) return Dilated(x, at);
        return at.Rank switch
        {
            1 => x.AvgPool1d(k[0], s[0], p[0], false, countsPadding),
            2 => x.AvgPool2d((k[0], k[1]), (s[0], s[1]), (p[0], p[1]), false, countsPadding),
            3 => x.AvgPool3d((k[0], k[1], k[2]), (s[0], s[1], s[2]), (p[0], p[1], p[2]), false, countsPadding),
            _ => throw new NotSupportedException($"windows of {at.Rank} axes; 1 to 3 there are."),
        };
    }

    // The mean over dilated windows: axis by axis, the mean of slices.
    private static Tensor Dilated(Tensor x, in Windows at)
    {
        for (int i = 0; i < at.Rank; i++)
        {
            int axis = i + 2, windows = (x.Shape[axis] - at.Reach(i)) / at.Strides[i] + 1, stride = at.Strides[i];
            Tensor? sum = null;
            for (int tap = 0; tap < at.Kernel[i]; tap++)
            {
                int start = tap * at.Dilations[i];
                var part = x.Slice(axis, start, start + (windows - 1) * stride + 1, stride);
                sum = sum is null ? part : sum + part;
            }
            x = sum! / at.Kernel[i];
        }
        return x;
    }

    private static Tensor LpPool(Call call)
    {
        var x = call[0];
        double p = call.Float("p", 2);
        if (call.Step.Attribute("p") is { Kind: AttributeKind.Int } whole) p = whole.Int;
        var at = WindowsOf(call, x);
        int size = at.Kernel.Aggregate(1, (product, length) => product * length);
        var powers = Windows.Padded(x.Abs().Pow(p), at.Before, Fill(call, at, x.Shape), 0);
        return (Mean(powers, at, new int[at.Rank], true) * size).Pow(1 / p);
    }

    private static Tensor MaxUnpool(Call call)
    {
        Tensor x = call[0], indices = call[1].To(DType.Int64);
        var at = WindowsOf(call, x);
        var to = new int[x.Rank];
        (to[0], to[1]) = (x.Shape[0], x.Shape[1]);
        for (int i = 0; i < at.Rank; i++)
            to[i + 2] = (x.Shape[i + 2] - 1) * at.Strides[i] + at.Kernel[i] - at.Before[i] - at.After[i];
        var shape = call.Made(to);
        var y = Tensor.Zeros(new Shape((int)shape.Count), x.DType, x.Device).Scatter(0, indices.Reshape(-1), x.Reshape(-1)).Reshape(to);
        if (call.Optional(2) is null) return y;
        int[] wanted = Call.ToInts(call.Longs(2));
        call.Made(wanted);
        return y.Pad([.. wanted.Zip(to, (all, own) => (0, all - own))]);
    }
}
