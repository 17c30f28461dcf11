namespace DeepNet.Ops;

/// <summary>Channels that become pixels of larger images, and back.</summary>
internal sealed class Pixels : ISampled
{
    public static Tensor Shuffle(Tensor x, int factor)
    {
        const string op = "pixel_shuffle";
        Check(op, x, factor);
        int channels = x.Shape[^3] / (factor * factor), height = x.Shape[^2], width = x.Shape[^1];
        if (channels * factor * factor != x.Shape[^3])
            throw new ArgumentException(
                $"[{op}] image {x.Shape}: its {x.Shape[^3]} channels are no multiple of {factor}² = {factor * factor}.");
        var before = x.Shape.Axes[..^3];
        return x.Reshape((int)Axis.Product(x.Shape, 0, x.Rank - 3), channels, factor, factor, height, width).Permute(0, 1, 4, 2, 5, 3)
            .Reshape([.. before, channels, height * factor, width * factor]);
    }

    public static Tensor Unshuffle(Tensor x, int factor)
    {
        const string op = "pixel_unshuffle";
        Check(op, x, factor);
        int channels = x.Shape[^3], height = x.Shape[^2] / factor, width = x.Shape[^1] / factor;
        if (height * factor != x.Shape[^2] || width * factor != x.Shape[^1])
            throw new ArgumentException($"[{op}] image {x.Shape}: height and width must be multiples of {factor}.");
        var before = x.Shape.Axes[..^3];
        return x.Reshape((int)Axis.Product(x.Shape, 0, x.Rank - 3), channels, height, factor, width, factor).Permute(0, 1, 3, 5, 2, 4)
            .Reshape([.. before, channels * factor * factor, height, width]);
    }

    private static void Check(string op, Tensor x, int factor)
    {
        if (x.Rank < 3) throw new ArgumentException($"[{op}] image {x.Shape}: it must be (…, C, H, W).");
        if (factor < 1) throw new ArgumentOutOfRangeException(nameof(factor), $"[{op}] factor {factor}: it must be at least 1.");
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("shuffle", x => x[0].PixelShuffle(2), Sample.Values(2, 4, 2, 3)),
        new("unshuffle", x => x[0].PixelUnshuffle(2), Sample.Values(1, 4, 2)),
    ];
}
