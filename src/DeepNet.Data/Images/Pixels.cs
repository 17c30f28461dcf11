using System.Runtime.Intrinsics;

namespace DeepNet.Data.Images;

/// <summary>Bytes to floats.</summary>
internal static class Pixels
{
    /// <summary>to[i] = from[i] · scale + shift, rounded twice on every machine alike.</summary>
    public static void Convert(ReadOnlySpan<byte> from, Span<float> to, float scale, float shift)
    {
        int i = 0;
        for (; i <= from.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(from.Slice(i, Vector128<byte>.Count)));
            Store(low, to[i..], scale, shift);
            Store(high, to[(i + Vector128<ushort>.Count)..], scale, shift);
        }
        for (; i < from.Length; i++) to[i] = from[i] * scale + shift;
    }

    /// <summary>Writes the channels of an image one after the other, scaled; each is rounded as <see cref="Convert"/> does.</summary>
    public static void Separate(Image image, Span<float> to, PixelScale scale)
    {
        byte[] from = image.Pixels;
        int channels = image.Channels, plane = image.Height * image.Width;
        for (int c = 0; c < channels; c++)
        {
            var (factor, term) = (scale.Factors[c], scale.Terms[c]);
            var one = to.Slice(c * plane, plane);
            for (int i = 0, at = c; i < one.Length; i++, at += channels) one[i] = from[at] * factor + term;
        }
    }

    private static void Store(Vector128<ushort> from, Span<float> to, float scale, float shift)
    {
        var (low, high) = Vector128.Widen(from);
        (Vector128.ConvertToSingle(low.AsInt32()) * scale + Vector128.Create(shift)).CopyTo(to);
        (Vector128.ConvertToSingle(high.AsInt32()) * scale + Vector128.Create(shift)).CopyTo(to[Vector128<float>.Count..]);
    }
}
