namespace DeepNet.Ops;

/// <summary>The windows of images as columns of a matrix, and the adjoint, which adds them up again.</summary>
internal sealed class Patches : ISampled
{
    /// <summary>(N, C · kernel, windows) of (N, C, H, W).</summary>
    public static Tensor Unfold(Tensor x, Pair kernel, Pair stride, Pair padding, Pair dilation)
    {
        const string op = "unfold2d";
        if (x.Rank != 4) throw new ArgumentException($"[{op}] image {x.Shape}: it must be (N, C, H, W).");
        var (rows, columns) = Grid(op, x.Shape, kernel, stride, padding, dilation);
        if (padding != 0) x = x.Pad([(padding.Height, padding.Height), (padding.Width, padding.Width)]);
        var windows = MappedView.Of(MappedView.Of(x, rows.Map(x.Shape, 2)), columns.Map(rows.Map(x.Shape, 2).To, 3));
        return windows.Permute(0, 1, 4, 5, 2, 3)
            .Reshape(x.Shape[0], x.Shape[1] * kernel.Height * kernel.Width, rows.Count * columns.Count);
    }

    /// <summary>(N, C, H, W) of (N, C · kernel, windows).</summary>
    public static Tensor Fold(Tensor x, Pair output, Pair kernel, Pair stride, Pair padding, Pair dilation)
    {
        const string op = "fold2d";
        int area = Math.Max(1, kernel.Height * kernel.Width), channels = x.Rank == 3 ? x.Shape[1] / area : 0;
        var image = new Shape(x.Rank == 3 ? x.Shape[0] : 1, channels, Math.Max(0, output.Height), Math.Max(0, output.Width));
        var (rows, columns) = Grid(op, image, kernel, stride, padding, dilation);
        if (x.Rank != 3 || channels * area != x.Shape[1] || x.Shape[2] != rows.Count * columns.Count)
            throw new ArgumentException(
                $"[{op}] windows {x.Shape} for images of {output.Height} × {output.Width}: kernel {kernel}, stride {stride}, padding "
                + $"{padding} and dilation {dilation} make {rows.Count} × {columns.Count} windows, so the shape must be "
                + $"(N, C · {area}, {rows.Count * columns.Count}).");
        var padded = new Shape(image[0], channels, image[2] + 2 * padding.Height, image[3] + 2 * padding.Width);
        var windows = x.Reshape(image[0], channels, kernel.Height, kernel.Width, rows.Count, columns.Count).Permute(0, 1, 4, 5, 2, 3);
        var inRows = rows.Map(padded, 2);
        var y = Embed.Of(Embed.Of(windows, columns.Map(inRows.To, 3)), inRows);
        return y.Narrow(2, padding.Height, image[2]).Narrow(3, padding.Width, image[3]);
    }

    private static (Windows Rows, Windows Columns) Grid(string op, Shape image, Pair kernel, Pair stride, Pair padding, Pair dilation)
        => (Windows.Of(op, "height", image, image[2], kernel.Height, stride.Height, padding.Height, dilation.Height),
            Windows.Of(op, "width", image, image[3], kernel.Width, stride.Width, padding.Width, dilation.Width));

    public static IEnumerable<Sample> Samples =>
    [
        new("unfold", x => x[0].Unfold2d((2, 3), stride: (2, 1), padding: (1, 0), dilation: (1, 2)), Sample.Values(1, 2, 4, 6)),
        new("fold", x => x[0].Fold2d((4, 5), (3, 2), stride: 2, padding: 1), Sample.Values(1, 12, 6)),
    ];
}
