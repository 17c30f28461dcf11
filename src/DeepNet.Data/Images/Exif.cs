using System.Buffers.Binary;

namespace DeepNet.Data.Images;

/// <summary>The orientation in the EXIF data of a photograph: cameras store the sensor's rows, and say how they were held.</summary>
internal static class Exif
{
    /// <summary>Some of the orientations, as the standard numbers them.</summary>
    public const int Upright = 1, Mirrored = 2, Turned = 3, Upended = 4;

    private const int TiffHeader = 8, EntryBytes = 12, OrientationTag = 0x0112, ShortType = 3;

    private static ReadOnlySpan<byte> Mark => "Exif\0\0"u8;

    /// <summary>Finds the orientation, 1 to 8, in an APP1 segment of a JPEG file; null if it says none that is valid.</summary>
    public static int? Orientation(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith(Mark)) return null;
        var tiff = segment[Mark.Length..];
        if (tiff.Length < TiffHeader) return null;
        bool isLittle = tiff.StartsWith("II*\0"u8);
        if (!isLittle && !tiff.StartsWith("MM\0*"u8)) return null;
        uint first = UInt32(tiff[4..], isLittle);
        if (first > tiff.Length - 2) return null;
        var entries = tiff[(int)first..];
        int count = UInt16(entries, isLittle);
        entries = entries[2..];
        for (int i = 0; i < count && entries.Length >= EntryBytes; i++, entries = entries[EntryBytes..])
            if (UInt16(entries, isLittle) == OrientationTag && UInt16(entries[2..], isLittle) == ShortType)
                return UInt16(entries[8..], isLittle) is >= 1 and <= 8 and var value ? value : null;
        return null;
    }

    /// <summary>Turns an image upright.</summary>
    public static Image Apply(Image image, int orientation)
    {
        if (orientation == Upright) return image;
        // 5 to 8 exchange rows and columns; each is that and mirrorings.
        bool isTransposed = orientation >= 5;
        bool isMirrored = orientation is 2 or 3 or 7 or 8, isUpended = orientation is 3 or 4 or 6 or 7;
        var (height, width, channels) = (image.Height, image.Width, image.Channels);
        var result = isTransposed ? new Image(width, height, channels) : new Image(height, width, channels);
        byte[] from = image.Pixels, to = result.Pixels;
        for (int y = 0, at = 0; y < result.Height; y++)
            for (int x = 0; x < result.Width; x++)
            {
                var (row, column) = isTransposed ? (x, y) : (y, x);
                if (isUpended) row = height - 1 - row;
                if (isMirrored) column = width - 1 - column;
                int source = (row * width + column) * channels;
                for (int c = 0; c < channels; c++) to[at++] = from[source + c];
            }
        return result;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool isLittle)
        => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittle)
        => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
