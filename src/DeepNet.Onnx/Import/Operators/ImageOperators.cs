namespace DeepNet.Onnx;

/// <summary>Images of other sizes, and samples of images.</summary>
internal static class ImageOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Same("Resize", Resize);
        table.Same("Upsample", Upsample);
        table.One("GridSample", call => GridSample(call).To(call[0].DType), (node, _) => WhyNotGrid(node));
        table.One("AffineGrid", AffineGrid);
    }

    private static Tensor Upsample(Call call)
    {
        var x = call[0];
        double[] scales = call.Version < 9 ? Scales(call) : call[1].ToArray<double>();
        var rule = new ResizeRule { Mode = call.Text("mode", "nearest"), Coordinates = "asymmetric", Rounding = "floor" };
        return Resize(call, x, [.. Enumerable.Range(0, x.Rank)], null, scales, rule, null);
    }

    private static double[] Scales(Call call)
    {
        if (call.Step.Attribute("scales") is { } all) return [.. all.Floats.Select(scale => (double)scale)];
        return [1, 1, call.Float("height_scale", 1), call.Float("width_scale", 1)];
    }

    private static Tensor Resize(Call call)
    {
        var x = call[0];
        bool isFirst = call.Version < 11;
        int[] axes = call.Ints("axes") is { } given ? Call.WrapAll(given, x.Rank) : [.. Enumerable.Range(0, x.Rank)];
        double[]? scales = call.Optional(isFirst ? 1 : 2)?.ToArray<double>();
        int[]? sizes = call.Optional(3) is { Count: > 0 } ? Call.ToInts(call.Longs(3)) : null;
        var rule = isFirst ? new ResizeRule { Mode = call.Text("mode", "nearest"), Coordinates = "asymmetric", Rounding = "floor" }
            : new ResizeRule
            {
                Mode = call.Text("mode", "nearest"),
                Coordinates = call.Text("coordinate_transformation_mode", "half_pixel"),
                Rounding = call.Text("nearest_mode", "round_prefer_floor"),
                CubicCoefficient = call.Float("cubic_coeff_a", -0.75),
                ExcludesOutside = call.Flag("exclude_outside"),
                Extrapolation = call.Float("extrapolation_value", 0),
                IsAntialiased = call.Flag("antialias"),
            };
        double[]? region = rule.Coordinates == "tf_crop_and_resize" ? call[1].ToArray<double>() : null;
        if (sizes is not null) scales = null;
        if (sizes is not null && call.Text("keep_aspect_ratio_policy", "stretch") is var policy and not "stretch")
        {
            var ratios = axes.Select((axis, i) => (double)sizes[i] / x.Shape[axis]);
            double scale = policy == "not_larger" ? ratios.Min() : ratios.Max();
            scales = [.. axes.Select(_ => scale)];
            sizes = [.. axes.Select(axis => (int)Math.Floor(scale * x.Shape[axis] + 0.5))];
        }
        return Resize(call, x, axes, sizes, scales, rule, region);
    }

    // Every mode works along one axis after the other.
    private static Tensor Resize(Call call, Tensor x, int[] axes, int[]? sizes, double[]? scales, ResizeRule rule, double[]? region)
    {
        if ((sizes ?? (Array?)scales)?.Length != axes.Length) throw new ArgumentException($"sizes or scales do not fit {x.Shape}.");
        int[] to = [.. x.Shape.Axes];
        for (int i = 0; i < axes.Length; i++)
            to[axes[i]] = sizes is not null ? sizes[i] : (int)Math.Clamp(Math.Floor(scales![i] * x.Shape[axes[i]]), 0, int.MaxValue);
        call.Made(to);
        var y = x.To(DTypes.ComputeFloating(x.DType));
        Tensor? inside = null;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i], from = x.Shape[axis];
            double scale = scales is not null ? scales[i] : (double)to[axis] / from;
            (double Start, double End)? part = region is null ? null : (region[i], region[axes.Length + i]);
            if (scale == 1 && to[axis] == from && part is null or (0, 1)) continue;
            var along = new ResizedAxis(rule, from, to[axis], scale, part);
            y = along.Apply(y, axis);
            if (along.Inside() is not { } mask) continue;
            mask = mask.Reshape([.. Enumerable.Range(0, x.Rank).Select(at => at == axis ? to[axis] : 1)]);
            inside = inside is null ? mask : inside & mask;
        }
        return inside is null ? y : Tensor.Where(inside, y, Tensor.FromScalar(rule.Extrapolation, y.DType));
    }

    private static Tensor GridSample(Call call)
    {
        var mode = call.Text("mode", "bilinear") switch
        {
            "bilinear" or "linear" => InterpolationMode.Linear,
            "nearest" => InterpolationMode.Nearest,
            var other => throw new NotSupportedException($"the mode '{other}' is not known."),
        };
        var padding = call.Text("padding_mode", "zeros") switch
        {
            "zeros" => PadMode.Constant,
            "border" => PadMode.Replicate,
            "reflection" => PadMode.Reflect,
            var other => throw new NotSupportedException($"the padding mode '{other}' is not known."),
        };
        return call[0].GridSample(call[1], mode, padding, call.Flag("align_corners"));
    }

    private static string? WhyNotGrid(NodeProto node)
        => node.Attributes.Find(attribute => attribute.Name == "mode") is { Text: "bicubic" or "cubic" } mode
            ? $"of the mode '{mode.Text}'" : null;

    private static Tensor AffineGrid(Call call)
    {
        int[] size = Call.ToInts(call.Longs(1));
        if (size.Length != 4) throw new NotSupportedException($"a grid of {size.Length - 2} axes; images have 2.");
        return Tensor.AffineGrid(call[0], size[2], size[3], call.Flag("align_corners"));
    }
}
