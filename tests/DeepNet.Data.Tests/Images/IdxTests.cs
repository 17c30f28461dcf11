using System.Buffers.Binary;
using System.IO.Compression;
using DeepNet.Data.Images;

namespace DeepNet.Data.Tests.Images;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] Bytes(byte type, int[] lengths, byte[] elements)
    {
        byte[] header = new byte[4 + 4 * lengths.Length];
        (header[2], header[3]) = (type, (byte)lengths.Length);
        for (int i = 0; i < lengths.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), lengths[i]);
        return [.. header, .. elements];
    }

    private static byte[] Pack(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    public static TheoryData<byte, byte[], double[]> Types => new()
    {
        { 0x08, [0, 255], [0, 255] },
        { 0x09, [127, 0x80], [127, -128] },
        { 0x0B, [0x12, 0x34, 0xFF, 0xFE], [0x1234, -2] },
        { 0x0C, [0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0xFD], [256, -3] },
        { 0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0], [1, -2.5] },
        { 0x0E, [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 4, 0, 0, 0, 0, 0, 0], [1, -2.5] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void All_element_types_are_read_plain_and_packed(byte type, byte[] elements, double[] expected)
    {
        byte[] bytes = Bytes(type, [1, 2], elements);
        foreach (byte[] file in new[] { bytes, Pack(bytes) })
        {
            var tensor = Idx.Load(folder.Write("a.idx", file));
            Assert.Equal(new Shape(1, 2), tensor.Shape);
            Assert.Equal(expected, tensor.ToArray<double>());
        }
    }

    [Theory]
    [InlineData("a.idx")]
    [InlineData("a.idx.gz")]
    public void What_is_saved_is_read_back(string name)
    {
        byte[] elements = [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))];
        Idx.Save(folder.File(name), elements, new Shape(2, 3, 4));
        var loaded = Idx.Load(folder.File(name));
        Assert.Equal(DType.UInt8, loaded.DType);
        Assert.Equal(elements, loaded.ToArray<byte>());
    }

    [Theory]
    [InlineData(0, "<!doctype html>", "is it another kind of file")]
    [InlineData(0, "", "ends in the magic number")]
    [InlineData(2, "\0\0\u0007\u0001\0\0\0\u0001x", "0x07 is no element type")]
    [InlineData(3, "\0\0\u0008\0", "0 axes")]
    [InlineData(6, "\0\0\u0008\u0002\0\0", "ends in the length of axis 0")]
    [InlineData(9, "\0\0\u0008\u0001\0\0\0\u0001xy", "goes on after")]
    [InlineData(8, "\0\0\u0008\u0001\0\0\0\u0003xy", "should take 3 bytes, and 2 follow")]
    public void Damage_is_reported_with_its_byte(long offset, string contents, string expected)
    {
        string path = folder.Write("bad.idx", System.Text.Encoding.Latin1.GetBytes(contents));
        var error = Assert.Throws<DataFormatException>(() => Idx.Load(path));
        Assert.Equal((path, offset), (error.Path, error.Offset));
        Assert.StartsWith($"{path}, byte {offset}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_header_that_lies_allocates_nothing(bool isPacked)
    {
        foreach (int[] lengths in new int[][] { [int.MaxValue], [60000, 30000], [int.MaxValue, int.MaxValue], [65536, 65536, 65536, 65536],
            [2, int.MaxValue, int.MaxValue, int.MaxValue] })
        {
            byte[] bytes = Bytes(8, lengths, new byte[100]);
            string path = folder.Write("lie", isPacked ? Pack(bytes) : bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<DataFormatException>(() => Idx.Load(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    /// <summary>
    /// Every file that a whole one becomes by cutting it, or by changing one byte of its header, is refused or read as what it says.
    /// </summary>
    [Fact]
    public void Hundreds_of_damaged_files_are_refused_with_a_byte_in_the_file()
    {
        byte[] whole = Bytes(8, [3, 4, 5], new byte[60]),
            packed = Pack(Bytes(8, [3, 4, 5], [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 37))]));
        int refused = 0;
        void Try(byte[] file)
        {
            string path = folder.Write("damaged", file);
            try
            {
                Assert.Equal(60, Idx.Load(path).Count);
            }
            catch (DataFormatException e)
            {
                refused++;
                Assert.NotNull(e.Offset);
                Assert.InRange(e.Offset.Value, 0, whole.Length);
                Assert.Contains($"{path}, byte {e.Offset}", e.Message, StringComparison.Ordinal);
            }
        }
        for (int cut = 0; cut < whole.Length; cut++) Try(whole[..cut]);
        for (int cut = 2; cut < packed.Length - 8; cut++) Try(packed[..cut]);
        for (int at = 0; at < 16; at++)
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. whole];
                changed[at] ^= (byte)(1 << bit);
                Try(changed);
            }
        for (int at = 10; at < packed.Length; at++)
        {
            byte[] changed = [.. packed];
            changed[at] ^= 0x55;
            Try(changed);
        }
        Assert.InRange(refused, 300, int.MaxValue);
    }

    [Fact]
    public void Images_and_labels_must_belong_together()
    {
        string images = folder.Write("i", Bytes(8, [2, 1, 2], [0, 51, 102, 255])), labels = folder.Write("l", Bytes(8, [2], [1, 0]));
        var data = ImageDataset.FromIdx(images, labels);
        Assert.Equal([1, 0], data.Labels);
        Assert.Equal([102, 255], data.Image(1).ToArray());
        Assert.Equal([0, 51 * (1 / 255f), 102 * (1 / 255f), 1], data.All().X.ToArray());
        Assert.Equal(new Shape(2, 1, 1, 2), data.All().X.Shape);
        Assert.Contains(
            "exchanged", Assert.Throws<DataFormatException>(() => ImageDataset.FromIdx(labels, images)).Message, StringComparison.Ordinal);
        string three = folder.Write("three", Bytes(8, [3], [1, 0, 1]));
        Assert.Contains(
            "3 labels for the 2 images", Assert.Throws<DataFormatException>(() => ImageDataset.FromIdx(images, three)).Message,
            StringComparison.Ordinal);
        var error = Assert.Throws<DataFormatException>(() => ImageDataset.FromIdx(images, labels, ["only"]));
        Assert.Equal(8, error.Offset);
    }
}
