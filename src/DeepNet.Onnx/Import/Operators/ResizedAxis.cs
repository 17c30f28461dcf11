namespace DeepNet.Onnx;

/// <summary>The attributes by which an image is resized.</summary>
internal sealed record ResizeRule
{
    /// <summary>Gets nearest, linear or cubic.</summary>
    public required string Mode { get; init; }

    /// <summary>Gets how places of the result are mapped to those of the image.</summary>
    public required string Coordinates { get; init; }

    /// <summary>Gets which neighbour is the nearest.</summary>
    public required string Rounding { get; init; }

    public double CubicCoefficient { get; init; } = -0.75;

    /// <summary>Gets a value that is true to give elements outside the image no weight.</summary>
    public bool ExcludesOutside { get; init; }

    /// <summary>Gets what stands where a region reaches beyond the image.</summary>
    public double Extrapolation { get; init; }

    /// <summary>Gets a value that is true to widen the windows of linear and cubic interpolation where the image gets smaller.</summary>
    public bool IsAntialiased { get; init; }
}

/// <summary>One axis of an image that is resized: each element of the result is a weighted sum of a few of the image.</summary>
internal sealed class ResizedAxis(ResizeRule rule, int from, int to, double scale, (double Start, double End)? region)
{
    public Tensor Apply(Tensor x, int axis)
    {
        if (rule.Mode == "nearest") return x.IndexSelect(axis, Tensor.From<long>(Nearest(), new Shape(to)));
        var weights = Tensor.From<double>(Weights(), new Shape(from, to)).To(x.DType).To(x.Device);
        return axis == x.Rank - 1 ? x.Affine(weights) : x.MoveAxis(axis, -1).Affine(weights).MoveAxis(-1, axis);
    }

    /// <summary>Gets the places that lie inside the image; null if all do, or may be continued.</summary>
    public Tensor? Inside()
    {
        if (region is null) return null;
        bool[] inside = [.. Enumerable.Range(0, to).Select(i => Place(i) is var place && place >= 0 && place <= from - 1)];
        return inside.All(isInside => isInside) ? null : Tensor.From<bool>(inside);
    }

    private double Place(int i) => rule.Coordinates switch
    {
        "align_corners" => i == 0 ? 0 : i * (from - 1.0) / (scale * from - 1),
        "asymmetric" => i / scale,
        "pytorch_half_pixel" => to > 1 ? (i + 0.5) / scale - 0.5 : 0,
        "tf_half_pixel_for_nn" => (i + 0.5) / scale,
        "half_pixel_symmetric" => from / 2.0 * (1 - to / (scale * from)) + (i + 0.5) / scale - 0.5,
        "tf_crop_and_resize" => region!.Value is var (start, end) && to > 1
            ? start * (from - 1) + i * (end - start) * (from - 1) / (to - 1) : 0.5 * (region.Value.Start + region.Value.End) * (from - 1),
        "half_pixel" => (i + 0.5) / scale - 0.5,
        var other => throw new NotSupportedException($"the coordinate transformation '{other}' is not known."),
    };

    private long[] Nearest()
    {
        var places = new long[to];
        for (int i = 0; i < to; i++)
        {
            double place = Place(i);
            double nearest = rule.Rounding switch
            {
                "floor" => Math.Floor(place),
                "ceil" => Math.Ceiling(place),
                "round_prefer_ceil" => Math.Floor(place + 0.5),
                "round_prefer_floor" => Math.Ceiling(place - 0.5),
                var other => throw new NotSupportedException($"the rounding '{other}' is not known."),
            };
            places[i] = (long)Math.Clamp(nearest, 0, from - 1);
        }
        return places;
    }

    private double[] Weights()
    {
        var weights = new double[from * to];
        double stretch = rule.IsAntialiased && scale < 1 ? 1 / scale : 1;
        double reach = (rule.Mode == "cubic" ? 2 : 1) * stretch;
        for (int i = 0; i < to; i++)
        {
            double place = Place(i), sum = 0;
            int first = (int)Math.Floor(place - reach) + 1, last = (int)Math.Ceiling(place + reach) - 1;
            for (int j = first; j <= last; j++)
            {
                bool isOutside = j < 0 || j >= from;
                if (isOutside && (rule.ExcludesOutside || rule.IsAntialiased)) continue;
                double weight = Kernel(Math.Abs(j - place) / stretch);
                weights[Math.Clamp(j, 0, from - 1) * to + i] += weight;
                sum += weight;
            }
            if (sum != 0)
                for (int j = 0; j < from; j++) weights[j * to + i] /= sum;
        }
        return weights;
    }

    private double Kernel(double distance)
    {
        if (rule.Mode == "linear") return Math.Max(1 - distance, 0);
        if (rule.Mode != "cubic") throw new NotSupportedException($"the mode '{rule.Mode}' is not known.");
        double a = rule.CubicCoefficient, d = distance;
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
}
