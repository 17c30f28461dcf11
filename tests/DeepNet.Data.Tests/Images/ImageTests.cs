namespace DeepNet.Data.Tests.Images;

public class ImageTests
{
    // What decoders of JPEG may differ by: rounding of the transform and of colours, and how colour is enlarged.
    private const int MostOfJpeg = 3;

    [Fact]
    public void Files_of_every_kind_decode_as_in_Pillow()
    {
        int cases = 0;
        foreach (var (file, args, expected) in Pictures.Cases("decode"))
        {
            var image = Pictures.Decoded(file, Enum.Parse<ImageColor>(args.GetProperty("color").GetString()!));
            cases++;
            if (!file.EndsWith(".jpg", StringComparison.Ordinal))
            {
                Pictures.AssertEqual(expected, image, $"{file} {image}");
                continue;
            }
            Assert.Equal((file, expected.Height, expected.Width), (file, image.Height, image.Width));
            int most = expected.Pixels.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(most <= MostOfJpeg, $"{file}: a byte differs by {most}");
        }
        Assert.Equal(35, cases);
    }

    [Fact]
    public void Grey_is_one_channel_of_brightness()
    {
        var grey = Pictures.Decoded("rgb.png", ImageColor.Grey);
        var colour = Pictures.Decoded("rgb.png");
        Assert.Equal((1, 23, 31), (grey.Channels, grey.Height, grey.Width));
        for (int i = 0; i < grey.Pixels.Length; i++)
        {
            var pixel = colour.Pixels.AsSpan(3 * i, 3);
            Assert.Equal(0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2], grey.Pixels[i], 0.51);
        }
    }

    [Fact]
    public void Orientation_can_be_left_as_stored()
        => Assert.Equal(
            (23, 31, 31, 23),
            (Image.Decode(Pictures.Bytes("orientation6.jpg"), new() { ApplyOrientation = false }).Height,
                Image.Decode(Pictures.Bytes("orientation6.jpg"), new() { ApplyOrientation = false }).Width,
                Pictures.Decoded("orientation6.jpg").Height, Pictures.Decoded("orientation6.jpg").Width));

    [Fact]
    public void A_tensor_has_planes_from_0_to_1()
    {
        var x = new Image([0, 51, 102, 255, 204, 153], 1, 2, 3).ToTensor();
        Assert.Equal(new Shape(3, 1, 2), x.Shape);
        float[] expected = [0, 1, 51 / 255f, 204 / 255f, 102 / 255f, 153 / 255f];
        foreach (var (a, b) in expected.Zip(x.ToArray())) Assert.Equal(a, b, 1e-7);
    }

    [Fact]
    public void A_file_that_says_it_is_huge_is_refused_from_its_header()
    {
        byte[] png = Pictures.Bytes("rgb.png");
        png[16 + 1] = 0x7F;                              // 8 million columns
        var e = Assert.Throws<DataFormatException>(() => Image.Decode(png, name: "huge.png"));
        Assert.Contains("huge.png", e.Message, StringComparison.Ordinal);
        Assert.Contains("MaxPixels", e.Message, StringComparison.Ordinal);
        var small = new ImageOptions { Limits = new() { MaxPixels = 23 * 31 - 1 } };
        Assert.Throws<DataFormatException>(() => Image.Decode(Pictures.Bytes("photo.jpg"), small));
        Assert.Throws<DataFormatException>(() => Image.Decode(Pictures.Bytes("rgb.bmp"), small));
    }

    [Fact]
    public void Rows_that_unpack_to_more_than_the_image_has_are_not_unpacked()
    {
        // A hundred megabytes of zeros in the place of 3 KB of rows.
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            for (int i = 0; i < 100; i++) zlib.Write(new byte[1 << 20]);
        byte[] good = Pictures.Bytes("rgb.png"), length = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, (int)packed.Length);
        byte[] bomb = [.. good[..33], .. length, .. "IDAT"u8, .. packed.ToArray(), 0, 0, 0, 0];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var image = Image.Decode(bomb);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        Assert.All(image.Pixels, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_file_of_more_bytes_than_the_limit_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.png", Pictures.Bytes("rgb.png"));
        var options = new ImageOptions { Limits = new() { MaxImageBytes = 100 } };
        Assert.Contains(path, Assert.Throws<DataFormatException>(() => Image.Load(path, options)).Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => Image.Decode(Pictures.Bytes("rgb.png"), options));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a and so on")]
    [InlineData("<html>not found</html>")]
    public void What_is_no_image_is_refused(string text)
        => Assert.Throws<DataFormatException>(() => Image.Decode(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Every_file_cut_anywhere_is_read_or_refused()
    {
        foreach (string name in Pictures.Names)
        {
            byte[] file = Pictures.Bytes(name);
            for (int length = 0; length < file.Length; length += Math.Max(1, file.Length / 60)) ReadOrRefuse(name, file[..length]);
        }
    }

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        var random = new System.Random(3);
        string[] names = [.. Pictures.Names];
        for (int i = 0; i < 4000; i++)
        {
            string name = names[i % names.Length];
            byte[] file = Pictures.Bytes(name);
            int reach = i % 3 == 0 ? file.Length : Math.Min(file.Length, 700);
            for (int k = random.Next(1, 6); k > 0; k--)
                file[random.Next(reach)] = (byte)(random.Next(3) == 0 ? 255 * random.Next(2) : random.Next(256));
            ReadOrRefuse(name, file);
        }
    }

    private static void ReadOrRefuse(string name, byte[] file)
    {
        try
        {
            var image = Image.Decode(file, new() { Limits = new() { MaxPixels = 1 << 20 } }, name);
            Assert.Equal(image.Height * image.Width * 3, image.Pixels.Length);
        }
        catch (DataFormatException e)
        {
            Assert.StartsWith(name, e.Message, StringComparison.Ordinal);
        }
    }
}
