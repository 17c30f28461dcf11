namespace DeepNet.Onnx;

/// <summary>Convolutions of signals, images and volumes.</summary>
internal static class ConvolutionOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Same("Conv", call => Convolve(call, call[0], call[1], call.Optional(2)));
        table.Same("ConvTranspose", Transpose);
    }

    /// <summary>The convolution that a node's attributes say, of any operands.</summary>
    public static Tensor Convolve(Call call, Tensor x, Tensor weight, Tensor? bias, Formula? activation = null)
    {
        var (image, at) = Windows.Of(call, x.Shape, weight.Shape.Axes[2..]).Even(x);
        int groups = (int)call.Int("group", 1);
        int[] s = at.Strides, p = at.Before, d = at.Dilations;
        return at.Rank switch
        {
            1 => image.Conv1d(weight, bias, s[0], p[0], d[0], groups, activation),
            2 => image.Conv2d(weight, bias, (s[0], s[1]), (p[0], p[1]), (d[0], d[1]), groups, activation),
            3 => image.Conv3d(weight, bias, (s[0], s[1], s[2]), (p[0], p[1], p[2]), (d[0], d[1], d[2]), groups, activation),
            _ => throw new NotSupportedException($"a convolution of {at.Rank} axes; 1 to 3 there are."),
        };
    }

    // The whole result of the transposed convolution, of which the ends are cut off or continued by zeros.
    private static Tensor Transpose(Call call)
    {
        Tensor x = call[0], weight = call[1];
        var at = Windows.Of(call, x.Shape, weight.Shape.Axes[2..]);
        int rank = at.Rank, groups = (int)call.Int("group", 1);
        int[] s = at.Strides, d = at.Dilations, extra = call.Ints("output_padding") ?? new int[rank];
        int[] before = [.. at.Before], after = [.. at.After], whole = new int[rank];
        int[]? wanted = call.Ints("output_shape");
        if (wanted is not null && wanted.Length == rank + 2) wanted = wanted[2..];
        string auto = call.Text("auto_pad", "NOTSET");
        for (int i = 0; i < rank; i++)
        {
            whole[i] = (x.Shape[i + 2] - 1) * s[i] + at.Reach(i);
            int? length = wanted?[i] ?? (auto.StartsWith("SAME", StringComparison.Ordinal) ? x.Shape[i + 2] * s[i] : null);
            if (length is not { } given) continue;
            int cut = whole[i] + extra[i] - given;
            before[i] = auto == "SAME_UPPER" ? cut / 2 : cut - cut / 2;
            if (cut < 0) before[i] = 0;
            after[i] = cut - before[i];
        }
        int[] p = before, o = [.. Enumerable.Range(0, rank).Select(i => extra[i] + before[i] - after[i])];
        bool isPlain = Enumerable.Range(0, rank).All(i => p[i] >= 0 && o[i] >= 0 && o[i] < Math.Max(s[i], d[i]));
        if (!isPlain) (p, o) = (new int[rank], new int[rank]);
        var y = rank switch
        {
            1 => x.ConvTranspose1d(weight, null, s[0], p[0], o[0], d[0], groups),
            2 => x.ConvTranspose2d(weight, null, (s[0], s[1]), (p[0], p[1]), (o[0], o[1]), (d[0], d[1]), groups),
            3 => x.ConvTranspose3d(weight, null, (s[0], s[1], s[2]), (p[0], p[1], p[2]), (o[0], o[1], o[2]), (d[0], d[1], d[2]), groups),
            _ => throw new NotSupportedException($"a convolution of {rank} axes; 1 to 3 there are."),
        };
        if (!isPlain) y = Windows.Padded(y, [.. before.Select(n => -n)], [.. after.Zip(extra, (n, more) => more - n)], 0);
        return call.Optional(2) is { } bias ? y + bias.Reshape([-1, .. Enumerable.Repeat(1, rank)]) : y;
    }
}
