using DeepNet.Data.Images;

namespace DeepNet.Data.Transforms;

/// <summary>
/// Makes images larger or smaller. Made smaller, each new pixel is a weighted mean of all that it covers (antialiasing), to the last bit as
/// Pillow computes it, and so as torchvision does for files.
/// </summary>
public sealed class Resize : IImageTransform
{
    private readonly int height, width;              // a width of 0: the shorter side becomes the height
    private readonly InterpolationMode mode;

    /// <summary>Makes the shorter side of an image so long and keeps the proportions.</summary>
    /// <param name="shorter">The new length of the shorter side.</param>
    /// <param name="mode">What lies between pixels: linear or cubic.</param>
    public Resize(int shorter, InterpolationMode mode = InterpolationMode.Linear) : this(shorter, 0, mode, nameof(shorter))
    {
    }

    /// <summary>Makes an image of some size, whatever its proportions were.</summary>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="mode">What lies between pixels: linear or cubic.</param>
    public Resize(int height, int width, InterpolationMode mode = InterpolationMode.Linear) : this(height, width, mode, nameof(height))
        => ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);

    private Resize(int height, int width, InterpolationMode mode, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1, name);
        (this.height, this.width, this.mode) = (height, width, Resampling.Checked("resize", mode));
    }

    /// <inheritdoc/>
    public Image Apply(Image image, DrawKey key)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (newHeight, newWidth) = (height, width);
        if (width == 0)
        {
            // The longer side is rounded down, as in torchvision.
            int Longer(int longer, int shorter) => checked((int)Math.Max(1, (long)height * longer / shorter));
            (newHeight, newWidth) = image.Height <= image.Width
                ? (height, Longer(image.Width, image.Height))
                : (Longer(image.Height, image.Width), height);
        }
        return Resampling.Run(image, 0, 0, image.Height, image.Width, newHeight, newWidth, mode);
    }

    /// <inheritdoc/>
    public override string ToString() => width == 0 ? $"Resize({height})" : $"Resize({height}, {width})";
}
