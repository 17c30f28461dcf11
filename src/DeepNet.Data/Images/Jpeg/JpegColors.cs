using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepNet.Data.Images.Jpeg;

/// <summary>
/// Puts planes together to pixels. Colours that have half the pixels are enlarged along straight lines, as most decoders do; brightness and
/// colour differences become red, green and blue in whole numbers.
/// </summary>
internal static class JpegColors
{
    private const int Bits = 16, Half = 1 << (Bits - 1), Middle = 128;
    private const int RedOfCr = 91881, GreenOfCb = 22554, GreenOfCr = 46802, BlueOfCb = 116130;          // · 2¹⁶

    /// <param name="planes">The planes.</param>
    /// <param name="width">The width of the image.</param>
    /// <param name="height">The height of the image.</param>
    /// <param name="adobe">The transform that a marker of Adobe says; −1 if there is none.</param>
    /// <param name="channels">3, or 4 with opacity.</param>
    public static Image Convert(JpegPlane[] planes, int width, int height, int adobe, int channels)
    {
        var image = new Image(height, width, channels);
        byte[][] rows = Array.ConvertAll(planes, plane => new byte[plane.Stride * 4]);
        int mostAcross = planes.Max(plane => plane.Across), mostDown = planes.Max(plane => plane.Down);
        bool isRgb = planes.Length == 3 && (adobe == 0 || adobe < 0 && (planes[0].Id, planes[1].Id, planes[2].Id) == ('R', 'G', 'B'));
        for (int y = 0; y < height; y++)
        {
            for (int p = 0; p < planes.Length; p++)
                Enlarge(planes[p], y, mostAcross / planes[p].Across, mostDown / planes[p].Down, mostAcross, mostDown, rows[p]);
            var to = image.Pixels.AsSpan(y * width * channels, width * channels);
            if (planes.Length == 1) Grey(rows[0], to, channels);
            else if (isRgb) Copy(rows, to, channels);
            else if (planes.Length == 3) FromYcc(rows[0].AsSpan(0, width), rows[1].AsSpan(0, width), rows[2].AsSpan(0, width), to,
                channels);
            else
            {
                // Four inks, which Adobe writes as what they leave of white.
                if (adobe == 2) FromYcc(rows[0].AsSpan(0, width), rows[1].AsSpan(0, width), rows[2].AsSpan(0, width), to, channels);
                else Copy(rows, to, channels);
                for (int x = 0; x < width; x++)
                    for (int c = 0; c < 3; c++)
                    {
                        ref byte value = ref to[x * channels + c];
                        int ink = adobe == 2 || adobe < 0 ? 255 - value : value, black = adobe < 0 ? 255 - rows[3][x] : rows[3][x];
                        value = (byte)((ink * black + 127) / 255);
                    }
            }
        }
        return image;
    }

    // One row of the image from the rows of a plane around it.
    private static void Enlarge(JpegPlane plane, int y, int timesAcross, int timesDown, int mostAcross, int mostDown, byte[] to)
    {
        int width = plane.Width;
        bool isWhole = plane.Across * timesAcross == mostAcross && plane.Down * timesDown == mostDown;
        int row = isWhole ? y / timesDown : y * plane.Down / mostDown;
        var near = plane.Pixels.AsSpan(row * plane.Stride, width);
        if (isWhole && timesAcross == 1 && timesDown == 1) near.CopyTo(to);
        else if (isWhole && timesAcross == 2 && timesDown == 1 && width > 1)
        {
            (to[0], to[2 * width - 1]) = (near[0], near[^1]);
            for (int x = 0; x < width - 1; x++)
            {
                to[2 * x + 1] = (byte)((3 * near[x] + near[x + 1] + 2) >> 2);
                to[2 * x + 2] = (byte)((3 * near[x + 1] + near[x] + 1) >> 2);
            }
        }
        else if (isWhole && timesAcross == 2 && timesDown == 2 && width > 1)
        {
            int other = Math.Clamp(row + (y % 2 == 0 ? -1 : 1), 0, plane.Height - 1);
            var far = plane.Pixels.AsSpan(other * plane.Stride, width);
            int here = 3 * near[0] + far[0];
            to[0] = (byte)((4 * here + 8) >> 4);
            for (int x = 0; x < width - 1; x++)
            {
                int next = 3 * near[x + 1] + far[x + 1];
                to[2 * x + 1] = (byte)((3 * here + next + 7) >> 4);
                to[2 * x + 2] = (byte)((3 * next + here + 8) >> 4);
                here = next;
            }
            to[2 * width - 1] = (byte)((4 * here + 7) >> 4);
        }
        else
            for (int x = 0, end = width * mostAcross / plane.Across; x < end; x++) to[x] = near[x * plane.Across / mostAcross];
    }

    private static void FromYcc(ReadOnlySpan<byte> ys, ReadOnlySpan<byte> cbs, ReadOnlySpan<byte> crs, Span<byte> to, int channels)
    {
        const int Count = 8;
        int x = 0;
        Span<uint> pixels = stackalloc uint[Count];
        // A pixel is written as four bytes, of which the last is the next one's first: so the last is left to the loop below.
        for (; x < ys.Length - Count; x += Count)
        {
            var (y, cb, cr) = (Wide(ys, x), Wide(cbs, x) - Vector256.Create(Middle), Wide(crs, x) - Vector256.Create(Middle));
            var half = Vector256.Create(Half);
            var red = Clamped(y + ((cr * RedOfCr + half) >> Bits));
            var green = Clamped(y + ((half - cb * GreenOfCb - cr * GreenOfCr) >> Bits));
            var blue = Clamped(y + ((cb * BlueOfCb + half) >> Bits));
            (red | green << 8 | blue << 16 | Vector256.Create(255 << 24)).AsUInt32().CopyTo(pixels);
            for (int i = 0; i < Count; i++) BinaryPrimitives.WriteUInt32LittleEndian(to[((x + i) * channels)..], pixels[i]);
        }
        for (int at = x * channels; x < ys.Length; x++, at += channels)
        {
            int y = ys[x], cb = cbs[x] - Middle, cr = crs[x] - Middle;
            to[at] = Clamped(y + ((RedOfCr * cr + Half) >> Bits));
            to[at + 1] = Clamped(y + ((Half - GreenOfCb * cb - GreenOfCr * cr) >> Bits));
            to[at + 2] = Clamped(y + ((BlueOfCb * cb + Half) >> Bits));
            if (channels == 4) to[at + 3] = 255;
        }
    }

    private static void Grey(byte[] row, Span<byte> to, int channels)
    {
        for (int x = 0, at = 0; at < to.Length; x++, at += channels)
        {
            to.Slice(at, 3).Fill(row[x]);
            if (channels == 4) to[at + 3] = 255;
        }
    }

    private static void Copy(byte[][] rows, Span<byte> to, int channels)
    {
        for (int x = 0, at = 0; at < to.Length; x++, at += channels)
        {
            (to[at], to[at + 1], to[at + 2]) = (rows[0][x], rows[1][x], rows[2][x]);
            if (channels == 4) to[at + 3] = 255;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Wide(ReadOnlySpan<byte> bytes, int at)
    {
        var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..])).AsByte());
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Clamped(Vector256<int> value)
        => Vector256.Min(Vector256.Max(value, Vector256<int>.Zero), Vector256.Create(255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamped(int value) => (uint)value <= 255 ? (byte)value : value < 0 ? (byte)0 : (byte)255;
}
