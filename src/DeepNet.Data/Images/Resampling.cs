using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeepNet.Data.Images;

/// <summary>
/// Resizing with antialiasing in whole numbers: first the rows, then the columns, with bytes between, as Pillow does, so that results are
/// equal to the bit on every machine.
/// </summary>
internal static class Resampling
{
    // 32 bits, less 8 of a byte and 2 for the sums of cubic weights, some of which are negative.
    private const int Bits = 22, Half = 1 << (Bits - 1);
    private const double Sharpness = -0.5;

    public static InterpolationMode Checked(string op, InterpolationMode mode)
        => mode is InterpolationMode.Linear or InterpolationMode.Cubic
        ? mode
        : throw new ArgumentException($"[{op}] images are resized by {mode} nowhere here. Use Linear or Cubic.");

    /// <summary>A rectangle of an image, made into a size. Nothing outside of it counts.</summary>
    public static Image Run(
        Image image, int top, int left, int height, int width, int newHeight, int newWidth, InterpolationMode mode)
    {
        bool isWhole = (top, left, height, width) == (0, 0, image.Height, image.Width);
        if (width == newWidth && height == newHeight && isWhole) return image;
        int channels = image.Channels;
        var rows = image.Pixels.AsSpan((top * image.Width + left) * channels);
        int stride = image.Width * channels;
        byte[]? rented = null;
        if (width != newWidth)
        {
            rented = ArrayPool<byte>.Shared.Rent(checked(height * newWidth * channels));
            Across(rows, stride, width, height, rented, newWidth, channels, new Taps(width, newWidth, mode));
            rows = rented;
            stride = newWidth * channels;
        }
        var result = new Image(newHeight, newWidth, channels);
        int line = newWidth * channels;
        if (height != newHeight) Down(rows, stride, result.Pixels, line, newHeight, new Taps(height, newHeight, mode));
        else
            for (int y = 0; y < newHeight; y++) rows.Slice(y * stride, line).CopyTo(result.Pixels.AsSpan(y * line));
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return result;
    }

    private static void Across(
        ReadOnlySpan<byte> from, int stride, int width, int height, Span<byte> to, int newWidth, int channels, Taps taps)
    {
        // A pixel of colour is a vector of four lanes; the last is what lies beside it, and is not written.
        int wide = channels == 1 ? -1 : from.Length - 4;
        for (int y = 0; y < height; y++)
        {
            int start = y * stride;
            for (int x = 0; x < newWidth; x++)
            {
                var weights = taps.Of(x, out int first);
                int at = start + first * channels, end = at + (weights.Length - 1) * channels;
                var target = to.Slice((y * newWidth + x) * channels, channels);
                if (end <= wide) Pixel(from, at, channels, weights, target);
                else Single(from, at, channels, weights, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pixel(ReadOnlySpan<byte> from, int at, int channels, ReadOnlySpan<int> weights, Span<byte> to)
    {
        ref byte pixels = ref MemoryMarshal.GetReference(from);
        var sum = Vector128.Create(Half);
        for (int k = 0; k < weights.Length; k++, at += channels)
        {
            var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixels, at))).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weights[k];
        }
        sum = Vector128.Min(Vector128.Max(sum >> Bits, Vector128<int>.Zero), Vector128.Create(255));
        to[2] = (byte)sum[2];
        to[0] = (byte)sum[0];
        to[1] = (byte)sum[1];
        if (channels == 4) to[3] = (byte)sum[3];
    }

    private static void Single(ReadOnlySpan<byte> from, int at, int channels, ReadOnlySpan<int> weights, Span<byte> to)
    {
        for (int c = 0; c < channels; c++)
        {
            int sum = Half;
            for (int k = 0; k < weights.Length; k++) sum += from[at + k * channels + c] * weights[k];
            to[c] = (byte)Math.Clamp(sum >> Bits, 0, 255);
        }
    }

    private static void Down(ReadOnlySpan<byte> from, int stride, Span<byte> to, int line, int newHeight, Taps taps)
    {
        for (int y = 0; y < newHeight; y++)
        {
            var weights = taps.Of(y, out int first);
            var source = from[(first * stride)..];
            var target = to.Slice(y * line, line);
            int x = 0;
            for (; x <= line - Vector128<byte>.Count; x += Vector128<byte>.Count)
            {
                Vector128<int> a = Vector128.Create(Half), b = a, c = a, d = a;
                for (int k = 0; k < weights.Length; k++)
                {
                    var (low, high) = Vector128.Widen(Vector128.Create(source.Slice(k * stride + x, Vector128<byte>.Count)));
                    var ((i0, i1), (i2, i3)) = (Vector128.Widen(low.AsInt16()), Vector128.Widen(high.AsInt16()));
                    int weight = weights[k];
                    (a, b, c, d) = (a + i0 * weight, b + i1 * weight, c + i2 * weight, d + i3 * weight);
                }
                Vector128.Narrow(Narrow(a, b), Narrow(c, d)).CopyTo(target[x..]);
            }
            for (; x < line; x++)
            {
                int sum = Half;
                for (int k = 0; k < weights.Length; k++) sum += source[k * stride + x] * weights[k];
                target[x] = (byte)Math.Clamp(sum >> Bits, 0, 255);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Narrow(Vector128<int> a, Vector128<int> b) => Vector128.Narrow(Byte(a), Byte(b)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Byte(Vector128<int> sum)
        => Vector128.Min(Vector128.Max(sum >> Bits, Vector128<int>.Zero), Vector128.Create(255));

    /// <summary>The weights of the old pixels in each new one, along one axis.</summary>
    private readonly struct Taps
    {
        private readonly int[] firsts, counts, weights;
        private readonly int most;

        public Taps(int size, int newSize, InterpolationMode mode)
        {
            double scale = (double)size / newSize, spread = Math.Max(1, scale);
            double support = spread * (mode == InterpolationMode.Linear ? 1 : 2);
            most = (int)Math.Ceiling(support) * 2 + 1;
            (firsts, counts, weights) = (new int[newSize], new int[newSize], new int[checked(newSize * most)]);
            Span<double> exact = most <= 512 ? stackalloc double[most] : new double[most];
            for (int i = 0; i < newSize; i++)
            {
                double center = (i + 0.5) * scale, sum = 0;
                int first = Math.Max(0, (int)(center - support + 0.5)), end = Math.Min(size, (int)(center + support + 0.5));
                (firsts[i], counts[i]) = (first, end - first);
                for (int k = 0; k < counts[i]; k++) sum += exact[k] = Weight((first + k - center + 0.5) * (1 / spread), mode);
                for (int k = 0; k < counts[i]; k++)
                    weights[i * most + k] = (int)Math.Round(exact[k] / sum * (1 << Bits), MidpointRounding.AwayFromZero);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ReadOnlySpan<int> Of(int i, out int first)
        {
            first = firsts[i];
            return weights.AsSpan(i * most, counts[i]);
        }

        private static double Weight(double x, InterpolationMode mode)
        {
            x = Math.Abs(x);
            if (mode == InterpolationMode.Linear) return Math.Max(0, 1 - x);
            return x < 1 ? ((Sharpness + 2) * x - (Sharpness + 3)) * x * x + 1
                : x < 2 ? (((x - 5) * x + 8) * x - 4) * Sharpness
                : 0;
        }
    }
}
