using DeepNet.Data.Files;
using DeepNet.Data.Images;

namespace DeepNet.Data;

/// <summary>
/// A decoded image: bytes row by row, the channels of a pixel side by side. Transforms of single images work on it before images of one
/// size become a batch.
/// </summary>
public sealed class Image
{
    /// <summary>An image of pixels that are in memory. The array is not copied.</summary>
    /// <param name="pixels">The channels of the first pixel of the first row, then those of the next one…</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">1 for grey, 3 for colour, 4 for colour with opacity.</param>
    public Image(byte[] pixels, int height, int width, int channels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (channels is not (1 or 3 or 4) || height < 1 || width < 1 || (Int128)channels * height * width != pixels.Length)
            throw new ArgumentException($"[image] {pixels.Length} bytes are no image of {height}×{width} with {channels} channels.");
        (Pixels, Height, Width, Channels) = (pixels, height, width, channels);
    }

    internal Image(int height, int width, int channels)
        : this(GC.AllocateUninitializedArray<byte>(checked(height * width * channels)), height, width, channels)
    {
    }

    /// <summary>Gets the bytes, row by row, with the channels of a pixel side by side.</summary>
    public byte[] Pixels { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Height { get; }

    /// <summary>Gets the number of columns.</summary>
    public int Width { get; }

    /// <summary>Gets the number of channels: 1, 3 or 4.</summary>
    public int Channels { get; }

    /// <summary>Reads a PNG, JPEG or BMP file. What it is is known by its first bytes, whatever it is called.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The channels, the orientation and limits; <see cref="ImageOptions.Default"/> if null.</param>
    /// <exception cref="DataFormatException">The file is damaged, of another kind, or exceeds a limit; the message names it.</exception>
    public static Image Load(string path, ImageOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= ImageOptions.Default;
        using var file = DataFile.At(path).Open();
        if (file.Length > options.Limits.MaxImageBytes)
            throw DataFormatException.AtByte(
                path, 0, $"the file has {file.Length} bytes, and {nameof(DataLimits)}.{nameof(DataLimits.MaxImageBytes)} is "
                    + $"{options.Limits.MaxImageBytes}.");
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)file.Length);
        int have = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return ImageDecoder.Decode(path, have == bytes.Length ? bytes : bytes[..have], options);
    }

    /// <summary>Decodes the contents of a PNG, JPEG or BMP file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="options">The channels, the orientation and limits; <see cref="ImageOptions.Default"/> if null.</param>
    /// <param name="name">The name in errors.</param>
    /// <exception cref="DataFormatException">The contents are damaged, of another kind, or exceed a limit.</exception>
    public static Image Decode(byte[] file, ImageOptions? options = null, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= ImageOptions.Default;
        return file.Length <= options.Limits.MaxImageBytes ? ImageDecoder.Decode(name, file, options)
            : throw DataFormatException.AtByte(
                name, 0, $"the image has {file.Length} bytes, and {nameof(DataLimits)}.{nameof(DataLimits.MaxImageBytes)} is "
                    + $"{options.Limits.MaxImageBytes}.");
    }

    /// <summary>Returns the image as float32 (channels, height, width), where black is 0 and white is 1.</summary>
    public Tensor ToTensor()
    {
        var x = Tensor.Empty(new Shape(Channels, Height, Width));
        using var lease = x.Lease<float>();
        Images.Pixels.Separate(this, lease.Span, PixelScale.Unit(Channels));
        return x;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Image({Height}×{Width}, {Channels} channels)";
}
