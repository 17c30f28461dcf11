using DeepNet.Data.Images;

namespace DeepNet.Data.Transforms;

/// <summary>Changes brightness, contrast, saturation and hue by random amounts and in random order, as torchvision does.</summary>
public sealed class ColorJitter : IImageTransform
{
    private readonly double brightness, contrast, saturation, hue;

    /// <summary>Limits of what happens; 0 leaves a thing as it is.</summary>
    /// <param name="brightness">The factor is from 1 − this to 1 + this, and not negative.</param>
    /// <param name="contrast">The same.</param>
    /// <param name="saturation">The same.</param>
    /// <param name="hue">The largest turn of the colour wheel to either side, in turns: 0.5 at most.</param>
    public ColorJitter(double brightness = 0, double contrast = 0, double saturation = 0, double hue = 0)
    {
        if (!(Math.Min(brightness, Math.Min(contrast, saturation)) >= 0 && double.IsFinite(brightness + contrast + saturation)))
            throw new ArgumentOutOfRangeException(
                nameof(brightness), $"[color_jitter] {brightness}, {contrast} and {saturation} must be finite and not negative.");
        if (!(hue is >= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(hue), $"[color_jitter] hue is {hue}: it is from 0 to 0.5.");
        (this.brightness, this.contrast, this.saturation, this.hue) = (brightness, contrast, saturation, hue);
    }

    /// <inheritdoc/>
    public Image Apply(Image image, DrawKey key)
    {
        ArgumentNullException.ThrowIfNull(image);
        var generator = key.Generator();
        int[] order = generator.Permutation(4);
        float Factor(double limit) => (float)generator.Uniform(Math.Max(0, 1 - limit), 1 + limit);
        float light = Factor(brightness), distance = Factor(contrast), colour = Factor(saturation);
        float turn = (float)generator.Uniform(-hue, hue);
        foreach (int step in order)
            image = step switch
            {
                0 when brightness > 0 => PixelMath.Brightness(image, light),
                1 when contrast > 0 => PixelMath.Contrast(image, distance),
                2 when saturation > 0 => PixelMath.Saturation(image, colour),
                3 when hue > 0 => PixelMath.Hue(image, turn),
                _ => image,
            };
        return image;
    }

    /// <inheritdoc/>
    public override string ToString() => $"ColorJitter({brightness}, {contrast}, {saturation}, {hue})";
}
