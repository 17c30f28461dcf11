using DeepNet.Devices;

namespace DeepNet.Onnx;

/// <summary>Normalisations.</summary>
internal static class Norms
{
    public static void AddTo(OperatorTable table)
    {
        table.Many("BatchNormalization", BatchNorm);
        table.Many("LayerNormalization", LayerNorm);
        table.Same("RMSNormalization", RmsNorm);
        table.Same("InstanceNormalization", call => Grouped(call, call[0].Shape[1], perGroup: false));
        table.Same("GroupNormalization", call => Grouped(call, (int)call.Int("num_groups", 1), call.Version < 21));
        table.Same("LRN", LocalResponse);
        table.Same("LpNormalization", LpNorm);
        table.Same("MeanVarianceNormalization", MeanVariance);
    }

    private static Tensor[] Wide(Tensor x, params ReadOnlySpan<Tensor> channels)
    {
        int[] shape = [-1, .. Enumerable.Repeat(1, x.Rank - 2)];
        var wide = new Tensor[channels.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = channels[i].Reshape(shape);
        return wide;
    }

    /// <summary>Gets what x is multiplied with and what is added then, for each channel.</summary>
    public static (Tensor Scale, Tensor Shift) ScaleAndShift(Call call)
    {
        var scale = call[1] * (call[4] + call.Float("epsilon", 1e-5)).Rsqrt();
        return (scale, call[2] - call[3] * scale);
    }

    // While the model is trained, and where the node itself says so, the statistics are those of the batch. The running ones of the
    // former are buffers of the model, which are changed here; those of the latter are results.
    public static Tensor?[] BatchNorm(Call call)
    {
        var x = call[0];
        bool isOfNode = call.Version >= 14 && call.Flag("training_mode");
        if (!isOfNode && !call.Context.IsTraining)
        {
            var (scale, shift) = ScaleAndShift(call);
            var both = Wide(x, scale, shift);
            return [(x * both[0] + both[1]).To(x.DType)];
        }
        double epsilon = call.Float("epsilon", 1e-5), momentum = call.Float("momentum", 0.9);
        int outer = x.Shape[0], channels = x.Shape[1], inner = x.Count == 0 ? 0 : (int)(x.Count / outer / channels);
        long count = (long)outer * inner;
        if (!isOfNode && count < 2)
            throw new ArgumentException($"{x.Shape} has {count} value for each channel, which has no variance: train with larger batches, "
                + "or call Eval() to use the running statistics.");
        var y = Ops.Normalize.Of(x.To(DTypes.ComputeFloating(x.DType)), new NormLayout(outer, channels, inner, true, false), call[1],
            call[2], epsilon,
            out var mean, out var variance);
        Tensor Mix(Tensor old, Tensor next) => old * momentum + next.To(old.DType) * (1 - momentum);
        using var noGrad = Autograd.NoGrad();
        if (isOfNode) return [y.To(x.DType), Mix(call[3], mean), Mix(call[4], variance), mean, variance];
        call[3].CopyFrom(Mix(call[3], mean));
        call[4].CopyFrom(Mix(call[4], variance * ((double)count / (count - 1))));
        return [y.To(x.DType)];
    }

    private static Tensor?[] LayerNorm(Call call)
    {
        var x = call[0];
        int axis = call.Axis("axis", -1, x.Rank);
        var y = Rows(x, axis, call[1], call.Optional(2), call.Float("epsilon", 1e-5), true, out var mean, out var variance);
        int[] shape = [.. x.Shape.Axes[..axis], .. Enumerable.Repeat(1, x.Rank - axis)];
        return [y.To(x.DType), call.Wants(1) ? mean.Reshape(shape) : null, call.Wants(2)
            ? (variance + call.Float("epsilon", 1e-5)).Rsqrt().Reshape(shape) : null];
    }

    private static Tensor RmsNorm(Call call)
        => Rows(call[0], call.Axis("axis", -1, call[0].Rank), call[1], null, call.Float("epsilon", 1e-5), false, out _, out _);

    /// <summary>Normalises the axes from one on.</summary>
    public static Tensor Rows(
        Tensor x, int axis, Tensor weight, Tensor? bias, double epsilon, bool isCentered, out Tensor mean, out Tensor variance)
    {
        x = x.To(DTypes.ComputeFloating(x.DType));
        int rows = 1;
        for (int i = 0; i < axis; i++) rows *= x.Shape[i];
        int inner = rows == 0 ? 0 : (int)(x.Count / rows);
        var whole = new Shape(x.Shape.Axes[axis..]);
        Tensor? Flat(Tensor? part) => part is null ? null : part.Count == inner ? part.Reshape(-1) : part.Expand(whole).Reshape(-1);
        return Ops.Normalize.Of(
            x, new NormLayout(1, rows, inner, isCentered, true), Flat(weight), Flat(bias), epsilon, out mean, out variance);
    }

    /// <summary>Normalises groups of channels, without scale and shift.</summary>
    public static Tensor Groups(Call call, int groups)
    {
        var x = call[0].To(DTypes.ComputeFloating(call[0].DType));
        int rows = x.Shape[0] * groups, inner = rows == 0 ? 0 : (int)(x.Count / rows);
        return Ops.Normalize.Of(x, new NormLayout(1, rows, inner, true, false), null, null, call.Float("epsilon", 1e-5));
    }

    private static Tensor Grouped(Call call, int groups, bool perGroup)
    {
        var (x, y) = (call[0], Groups(call, groups));
        Tensor scale = call[1], shift = call[2];
        if (perGroup && groups > 0)
            (scale, shift) = (scale.RepeatInterleave(x.Shape[1] / groups, 0), shift.RepeatInterleave(x.Shape[1] / groups, 0));
        var wide = Wide(x, scale, shift);
        return y * wide[0] + wide[1];
    }

    private static Tensor LocalResponse(Call call)
    {
        var x = call[0];
        int size = (int)call.Int("size", 1), channels = x.Shape[1], before = (size - 1) / 2;
        var squares = x.Square().MoveAxis(1, -1).Pad([(before, size - 1 - before)]).MoveAxis(-1, 1);
        var sum = squares.Narrow(1, 0, channels);
        for (int i = 1; i < size; i++) sum = sum + squares.Narrow(1, i, channels);
        return x * (sum * (call.Float("alpha", 1e-4) / size) + call.Float("bias", 1)).Pow(-call.Float("beta", 0.75));
    }

    private static Tensor LpNorm(Call call)
    {
        var x = call[0];
        var norm = x.Norm(call.Int("p", 2), call.Axis("axis", -1, x.Rank), keepDim: true);
        return Tensor.Where(norm.Equal(0), Tensor.ZerosLike(x), x / norm);
    }

    private static Tensor MeanVariance(Call call)
    {
        var x = call[0];
        int[] axes = Call.WrapAll(call.Ints("axes") ?? [0, 2, 3], x.Rank);
        var centered = x - x.Mean(axes, keepDim: true);
        return centered / (centered.Square().Mean(axes, keepDim: true).Sqrt() + 1e-9);
    }
}
