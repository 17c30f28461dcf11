using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepNet.Data.Images;

/// <summary>
/// Decodes PNG images of all kinds the standard has. No more is unpacked than the pixels of the header take, so packed rows cannot claim
/// memory; checksums of chunks are not looked at, that of the packed rows is.
/// </summary>
internal sealed class PngDecoder : IDisposable
{
    private const int Signature = 8, ChunkHeader = 8, ChunkEnd = 4, HeaderBytes = 13, PaletteEntry = 3;
    private const byte HasPalette = 1, HasColour = 2, HasOpacity = 4;

    private static readonly (int X, int Y, int StepX, int StepY)[] Whole = [(0, 0, 1, 1)],
        Interlaced = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly byte[] palette = new byte[256 * PaletteEntry], opacity = new byte[256];
    private readonly MemoryStream packed = new();
    private readonly int width, height, depth;
    private readonly byte kind;
    private readonly bool isInterlaced;
    private int[]? transparent;                      // the colour that is, if there is no palette

    public void Dispose() => packed.Dispose();

    private PngDecoder(ReadOnlySpan<byte> file)
    {
        Array.Fill(opacity, (byte)255);
        bool isFirst = true, hasPalette = false;
        for (int at = Signature; ;)
        {
            if (file.Length - at < ChunkHeader) throw new InvalidDataException("the file is cut off");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var type = file.Slice(at + 4, 4);
            at += ChunkHeader;
            // Many files lack their end; the rows tell whether too much is missing.
            var data = file.Slice(at, (int)Math.Min(length, file.Length - at));
            if (isFirst)
            {
                if (data.Length != HeaderBytes) throw new InvalidDataException("the header has not its length");
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
                (depth, kind, isInterlaced) = (data[8], data[9], data[12] == 1);
                if (!IsKnown(kind, depth) || data[10] != 0 || data[11] != 0 || data[12] > 1)
                    throw new InvalidDataException($"there is no kind {kind} of {depth} bits");
                isFirst = false;
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                data[..Math.Min(data.Length, palette.Length)].CopyTo(palette);
                hasPalette = true;
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                if (kind == (HasPalette | HasColour)) data[..Math.Min(data.Length, opacity.Length)].CopyTo(opacity);
                else if (data.Length == 2 * ((kind & HasColour) != 0 ? 3 : 1))
                    transparent = [.. data.ToArray().Chunk(2).Select(pair => pair[0] << 8 | pair[1])];
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }
            if (type.SequenceEqual("IEND"u8) || data.Length < length || at + data.Length + ChunkEnd >= file.Length) break;
            at += data.Length + ChunkEnd;
        }
        if ((kind & HasPalette) != 0 && !hasPalette) throw new InvalidDataException("the palette is missing");
        packed.Position = 0;
    }

    private int Samples => (kind & HasPalette) != 0 ? 1 : ((kind & HasColour) != 0 ? 3 : 1) + ((kind & HasOpacity) != 0 ? 1 : 0);

    /// <summary>Decodes a file whose header was checked.</summary>
    /// <param name="file">The file.</param>
    /// <param name="channels">3, or 4 with opacity.</param>
    public static Image Decode(byte[] file, int channels)
    {
        using var decoder = new PngDecoder(file);
        var image = new Image(new byte[decoder.height * decoder.width * channels], decoder.height, decoder.width, channels);
        using var rows = new ZLibStream(decoder.packed, CompressionMode.Decompress);
        foreach (var pass in decoder.isInterlaced ? Interlaced : Whole) decoder.Read(rows, image, pass);
        return image;
    }

    private static bool IsKnown(byte kind, int depth) => (kind, depth) switch
    {
        (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16) => true,
        _ => false,
    };

    private void Read(Stream rows, Image image, (int X, int Y, int StepX, int StepY) pass)
    {
        int columns = (width - pass.X + pass.StepX - 1) / pass.StepX;
        if (columns <= 0) return;
        int bytes = checked((int)(((long)columns * Samples * depth + 7) / 8)), step = Math.Max(1, Samples * depth / 8);
        byte[] row = new byte[bytes], above = new byte[bytes], filter = new byte[1];
        for (int y = pass.Y; y < height; y += pass.StepY)
        {
            rows.ReadExactly(filter);
            rows.ReadExactly(row);
            Unfilter(filter[0], row, above, step);
            var target = image.Pixels.AsSpan(y * width * image.Channels);
            for (int i = 0, x = pass.X; i < columns; i++, x += pass.StepX) Pixel(row, i, target.Slice(x * image.Channels, image.Channels));
            (row, above) = (above, row);
        }
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = step; i < row.Length; i++) row[i] += row[i - step];
                break;
            case 2:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < row.Length; i++) row[i] += (byte)(((i >= step ? row[i - step] : 0) + above[i]) / 2);
                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i >= step ? row[i - step] : 0, up = above[i], corner = i >= step ? above[i - step] : 0;
                    // Which of the three is nearest to left + up − corner.
                    int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - 2 * corner);
                    row[i] += (byte)(toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
                }
                break;
            default:
                throw new InvalidDataException($"there is no filter {filter}");
        }
    }

    private void Pixel(ReadOnlySpan<byte> row, int i, Span<byte> to)
    {
        if (kind == 2 && depth == 8 && transparent is null)
        {
            row.Slice(3 * i, 3).CopyTo(to);
            if (to.Length == 4) to[3] = 255;
            return;
        }
        if ((kind & HasPalette) != 0)
        {
            int entry = Sample(row, i);
            palette.AsSpan(entry * PaletteEntry, PaletteEntry).CopyTo(to);
            if (to.Length == 4) to[3] = opacity[entry];
            return;
        }
        bool isColour = (kind & HasColour) != 0, isTransparent = transparent is not null;
        for (int c = 0; c < 3; c++)
        {
            int sample = Sample(row, i * Samples + (isColour ? c : 0));
            to[c] = Byte(sample);
            if (isTransparent) isTransparent = sample == transparent![isColour ? c : 0];
        }
        if (to.Length < 4) return;
        to[3] = (kind & HasOpacity) != 0 ? Byte(Sample(row, i * Samples + Samples - 1)) : isTransparent ? (byte)0 : (byte)255;
    }

    private int Sample(ReadOnlySpan<byte> row, int i)
    {
        if (depth == 8) return row[i];
        if (depth == 16) return row[2 * i] << 8 | row[2 * i + 1];
        int bit = i * depth;
        return row[bit >> 3] >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
    }

    private byte Byte(int sample) => (byte)(depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1));
}
