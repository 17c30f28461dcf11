namespace DeepNet.Data;

/// <summary>Represents the options of decoding an image.</summary>
public sealed record ImageOptions
{
    /// <summary>Gets the options that apply where none are given.</summary>
    public static ImageOptions Default { get; } = new();

    /// <summary>Gets the channels of the result.</summary>
    public ImageColor Color { get; init; } = ImageColor.Rgb;

    /// <summary>Gets a value that is true if a photograph is turned upright, as its EXIF orientation says.</summary>
    public bool ApplyOrientation { get; init; } = true;

    /// <summary>Gets the limits of what a file may hold: <see cref="DataLimits.MaxImageBytes"/> and <see
    /// cref="DataLimits.MaxPixels"/>.</summary>
    public DataLimits Limits { get; init; } = DataLimits.Default;
}
