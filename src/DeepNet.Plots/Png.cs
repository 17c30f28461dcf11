using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepNet.Plots;

/// <summary>Writes images of bytes as PNG files: grey, red-green-blue, or with opacity.</summary>
internal static class Png
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The bytes of the file.</summary>
    /// <param name="pixels">Row by row, channels innermost.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 grey, 3 RGB, 4 RGBA.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        if (width < 1 || height < 1 || pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"[png] {pixels.Length} bytes are no image of {width}×{height} with {channels} channels.");
        byte kind = channels switch
        {
            1 => 0,
            3 => 2,
            4 => 6,
            _ => throw new ArgumentException($"[png] an image has 1, 3 or 4 channels, not {channels}."),
        };
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, kind);
        Chunk(file, "IHDR"u8, header);
        using (var packed = new MemoryStream())
        {
            using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                for (int row = 0; row < height; row++)
                {
                    zlib.WriteByte(0);      // no filter: these images are small
                    zlib.Write(pixels.Slice(row * width * channels, width * channels));
                }
            Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        }
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The image as an address that holds it.</summary>
    public static string DataUri(ReadOnlySpan<byte> pixels, int width, int height, int channels)
        => "data:image/png;base64," + Convert.ToBase64String(Encode(pixels, width, height, channels));

    private static void Chunk(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(name);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, name), data));
        file.Write(word);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
