using System.Buffers.Binary;
using System.Numerics;

namespace DeepNet.Data.Images;

/// <summary>Decodes BMP images that are not packed: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits.</summary>
internal static class BmpDecoder
{
    private const int FileHeader = 14, CoreHeader = 12, UsualHeader = 40, Masked = 3, MaskedWithOpacity = 6;

    /// <summary>Decodes a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="channels">3, or 4 with opacity.</param>
    public static Image Decode(ReadOnlySpan<byte> file, int channels)
    {
        int pixelsAt = Int32(file, 10), header = Int32(file, FileHeader);
        bool isCore = header == CoreHeader;
        int width = isCore ? UInt16(file, 18) : Int32(file, 18), height = isCore ? UInt16(file, 20) : Int32(file, 22);
        int bits = UInt16(file, isCore ? 24 : 28), packing = isCore ? 0 : Int32(file, 30);
        bool isDownwards = height < 0;
        height = Math.Abs(height);
        bool hasMasks = packing is Masked or MaskedWithOpacity && bits is 16 or 32;
        if (packing != 0 && !hasMasks) throw new InvalidDataException($"it is packed (kind {packing}), which few programs write");
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32)) throw new InvalidDataException($"pixels of {bits} bits are not known");
        long stride = ((long)width * bits + 31) / 32 * 4;
        if (pixelsAt < 0 || pixelsAt + stride * height > file.Length) throw new InvalidDataException("the file is cut off");
        var palette = bits <= 8 ? Palette(file, isCore, header, bits, pixelsAt) : [];
        uint[] masks = hasMasks
            ? [UInt32(file, 54), UInt32(file, 58), UInt32(file, 62),
                header > UsualHeader || packing == MaskedWithOpacity ? UInt32(file, 66) : 0]
            : bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF0000, 0xFF00, 0xFF, 0];
        var image = new Image(height, width, channels);
        for (int y = 0; y < height; y++)
        {
            var row = file.Slice((int)(pixelsAt + stride * (isDownwards ? y : height - 1 - y)), (int)stride);
            for (int x = 0; x < width; x++)
            {
                var to = image.Pixels.AsSpan((y * width + x) * channels, channels);
                if (channels == 4) to[3] = 255;
                if (bits <= 8)
                {
                    int bit = x * bits, entry = row[bit >> 3] >> (8 - bits - (bit & 7)) & ((1 << bits) - 1);
                    if (entry >= palette.Length) throw new InvalidDataException($"there is no colour {entry}");
                    (to[0], to[1], to[2]) = palette[entry];
                }
                else
                {
                    uint pixel = bits switch
                    {
                        16 => UInt16(row, 2 * x),
                        24 => UInt16(row, 3 * x) | (uint)row[3 * x + 2] << 16,
                        _ => UInt32(row, 4 * x),
                    };
                    for (int c = 0; c < 3; c++) to[c] = Part(pixel, masks[c]);
                    if (channels == 4 && masks[3] != 0) to[3] = Part(pixel, masks[3]);
                }
            }
        }
        return image;
    }

    private static (byte, byte, byte)[] Palette(ReadOnlySpan<byte> file, bool isCore, int header, int bits, int end)
    {
        int size = isCore ? 3 : 4, from = FileHeader + header, said = isCore ? 0 : Int32(file, 46);
        if (from < 0 || from > end) throw new InvalidDataException("the palette is missing");
        int count = Math.Min(said > 0 ? said : 1 << bits, Math.Min(1 << bits, (end - from) / size));
        var palette = new (byte, byte, byte)[count];
        for (int i = 0; i < count; i++) palette[i] = (file[from + i * size + 2], file[from + i * size + 1], file[from + i * size]);
        return palette;
    }

    private static byte Part(uint pixel, uint mask)
    {
        if (mask == 0) return 0;
        int shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((pixel & mask) >> shift) * 255 / (mask >> shift));
    }

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
