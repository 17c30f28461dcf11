using System.Buffers.Binary;

namespace DeepNet.Data.Images;

/// <summary>The header of an image file, read before anything is decoded: kind, size, and how a photograph was held.</summary>
internal readonly record struct ImageHeader(ImageKind Kind, long Width, long Height, int Orientation)
{
    private const byte Marker = 0xFF, EndOfImage = 0xD9, StartOfScan = 0xDA, App1 = 0xE1;

    private static ReadOnlySpan<byte> PngMark => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a header; what is damaged or of no known kind is a <see cref="DataFormatException"/>.</summary>
    public static ImageHeader Read(string name, ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngMark)) return Png(name, file);
        if (file is [Marker, 0xD8, Marker, ..]) return Jpeg(name, file);
        if (file is [(byte)'B', (byte)'M', ..]) return Bmp(name, file);
        throw DataFormatException.AtByte(
            name, 0, file.IsEmpty ? "the file is empty." : "the file is neither PNG, JPEG nor BMP. Convert it, or leave it out.");
    }

    private static ImageHeader Png(string name, ReadOnlySpan<byte> file)
    {
        const int At = 16, Size = 8;
        if (file.Length < At + Size || !file.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw DataFormatException.AtByte(name, PngMark.Length, "the header of a PNG image should be here. The file is damaged.");
        return Checked(
            name, At, new(
                ImageKind.Png, BinaryPrimitives.ReadUInt32BigEndian(file[At..]), BinaryPrimitives.ReadUInt32BigEndian(file[(At + 4)..]),
                Exif.Upright));
    }

    private static ImageHeader Bmp(string name, ReadOnlySpan<byte> file)
    {
        const int At = 14, CoreHeader = 12;
        uint size = file.Length >= At + 16 ? BinaryPrimitives.ReadUInt32LittleEndian(file[At..]) : 0;
        if (size < CoreHeader) throw DataFormatException.AtByte(name, At, "the header of a BMP image should be here. The file is damaged.");
        var (width, height) = size == CoreHeader
            ? (BinaryPrimitives.ReadUInt16LittleEndian(file[18..]), BinaryPrimitives.ReadUInt16LittleEndian(file[20..]))
            : ((long)BinaryPrimitives.ReadInt32LittleEndian(file[18..]), BinaryPrimitives.ReadInt32LittleEndian(file[22..]));
        return Checked(name, 18, new(ImageKind.Bmp, width, Math.Abs(height), Exif.Upright));
    }

    // A JPEG file is a list of segments, each with its length, up to the first scan; the frame header among them has the size.
    private static ImageHeader Jpeg(string name, ReadOnlySpan<byte> file)
    {
        int at = 2, orientation = Exif.Upright;
        ImageHeader? found = null;
        while (true)
        {
            if (at + 4 > file.Length || file[at] != Marker) throw Cut(name, at);
            byte marker = file[at + 1];
            if (marker == Marker)                        // any number of them may stand before a marker
            {
                at++;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker == EndOfImage || length < 2 || at + 2 + length > file.Length) throw Cut(name, at);
            var segment = file.Slice(at + 4, length - 2);
            if (marker == StartOfScan)
                return found is { } header ? header with { Orientation = orientation } : throw Cut(name, at);
            if (marker == App1) orientation = Exif.Orientation(segment) ?? orientation;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (segment.Length < 6) throw Cut(name, at);
                found = Checked(
                    name, at + 5, new(
                        ImageKind.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
                        BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), Exif.Upright));
            }
            at += 2 + length;
        }
    }

    private static ImageHeader Checked(string name, int at, ImageHeader header)
        => header.Width > 0 && header.Height > 0 ? header
            : throw DataFormatException.AtByte(name, at, $"an image of {header.Height}×{header.Width} cannot be.");

    private static DataFormatException Cut(string name, int at)
        => DataFormatException.AtByte(name, at, "the JPEG file is damaged or cut off before its first scan.");
}
