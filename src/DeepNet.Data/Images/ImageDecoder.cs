using DeepNet.Data.Files;
using DeepNet.Data.Images.Jpeg;

namespace DeepNet.Data.Images;

/// <summary>Decodes files that anybody may have made: sizes are checked before anything is allocated.</summary>
internal static class ImageDecoder
{
    public static Image Decode(string name, byte[] file, ImageOptions options)
    {
        var header = ImageHeader.Read(name, file);
        int channels = Channels(options.Color), most = Math.Min(options.Limits.MaxPixels, Array.MaxLength / channels);
        if (header.Width > most || header.Height > most || header.Width * header.Height > most)
            throw DataFormatException.AtByte(
                name, 0, $"the image has {header.Height}×{header.Width} pixels, and {nameof(DataLimits)}.{nameof(DataLimits.MaxPixels)} is "
                    + $"{options.Limits.MaxPixels}.");
        var image = Pixels(name, file, options.Color, channels, header);
        return options.ApplyOrientation ? Exif.Apply(image, header.Orientation) : image;
    }

    public static int Channels(ImageColor color) => color switch
    {
        ImageColor.Grey => 1,
        ImageColor.Rgba => 4,
        _ => 3,
    };

    private static Image Pixels(string name, byte[] file, ImageColor color, int channels, ImageHeader header)
    {
        int decoded = Math.Max(3, channels);
        try
        {
            var image = header.Kind switch
            {
                ImageKind.Jpeg => JpegDecoder.Decode(file, decoded),
                ImageKind.Png => PngDecoder.Decode(file, decoded),
                _ => BmpDecoder.Decode(file, decoded),
            };
            return color == ImageColor.Grey ? PixelMath.Grey(image) : image;
        }
        catch (Exception e) when (ByteReader.IsDamage(e))
        {
            throw DataFormatException.AtByte(
                name, 0, $"the {header.Kind.ToString().ToUpperInvariant()} image cannot be decoded ({e.Message.TrimEnd('.')}).", e);
        }
    }
}
