using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepNet.Plots.Tests;

public class ColorMapTests
{
    [Fact]
    public void Sequential_maps_rise_in_lightness_all_the_way()
    {
        Rising(ColorMap.Sequential, 1);
        Rising(ColorMap.Grey, 1);
        Rising(ColorMap.Blues, -1);
    }

    [Fact]
    public void A_diverging_map_is_lightest_in_the_middle_and_as_dark_at_both_ends()
    {
        var map = ColorMap.Diverging;
        Assert.True(map.At(0.5).Luminance > 0.85);
        Assert.Equal(map.At(0).Luminance, map.At(1).Luminance, 0.03);
        Assert.True(map.At(0).B > map.At(0).R && map.At(1).R > map.At(1).B);
    }

    [Fact]
    public void Beyond_the_ends_are_the_ends()
    {
        Assert.Equal(ColorMap.Sequential.At(0), ColorMap.Sequential.At(-5));
        Assert.Equal(ColorMap.Sequential.At(1), ColorMap.Sequential.At(7));
        Assert.Equal(new Rgb(255, 255, 255), ColorMap.Grey.At(1));
        Assert.Equal("#000000", ColorMap.Grey.At(0).ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_png_holds_its_pixels(int channels)
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 3 * channels).Select(i => (byte)(i * 37))];
        byte[] file = Png.Encode(pixels, 5, 3, channels);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        int at = 8;
        byte[] unpacked = [];
        while (at < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string name = System.Text.Encoding.ASCII.GetString(file, at + 4, 4);
            Assert.Equal(Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            if (name == "IHDR")
                Assert.Equal(
                    [0, 0, 0, 5, 0, 0, 0, 3, 8, channels switch { 1 => 0, 3 => 2, _ => 6 }, 0, 0, 0], file[(at + 8)..(at + 8 + length)]);
            if (name == "IDAT")
            {
                using var zlib = new ZLibStream(new MemoryStream(file, at + 8, length), CompressionMode.Decompress);
                using var all = new MemoryStream();
                zlib.CopyTo(all);
                unpacked = all.ToArray();
            }
            at += 12 + length;
        }
        int row = 5 * channels + 1;
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, unpacked[i * row]);
            Assert.Equal(pixels[(i * 5 * channels)..((i + 1) * 5 * channels)], unpacked[(i * row + 1)..((i + 1) * row)]);
        }
        Assert.Throws<ArgumentException>(() => Png.Encode(pixels, 4, 3, channels));
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            for (int bit = 0; bit < 8; bit++) crc = ((crc ^ (uint)(b >> bit)) & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return ~crc;
    }

    private static void Rising(ColorMap map, int sign)
    {
        for (int i = 1; i < 256; i++) Assert.True(sign * (map.At(i / 255.0).Luminance - map.At((i - 1) / 255.0).Luminance) > -1e-3, $"{i}");
        Assert.True(sign * (map.At(1).Luminance - map.At(0).Luminance) > 0.5);
    }
}
