using DeepNet.Data.Images;

namespace DeepNet.Data.Transforms;

/// <summary>
/// Does a few random things to an image, all of one strength: turns, shears, shifts, changes of colour and contrast. After Cubuk, Zoph,
/// Shlens and Le (2020), with the fourteen operations and strengths of torchvision.
/// </summary>
public sealed class RandAugment : IImageTransform
{
    private const int MostMagnitude = 30, Operations = 14;
    private const double MostShear = 0.3, MostShift = 150.0 / 331, MostDegrees = 30, MostFactor = 0.9;

    private readonly int count, magnitude;

    /// <summary>Some operations of some strength.</summary>
    /// <param name="count">The number of operations, each drawn anew.</param>
    /// <param name="magnitude">The strength, from 0 to 30.</param>
    public RandAugment(int count = 2, int magnitude = 9)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (magnitude is < 0 or > MostMagnitude)
            throw new ArgumentOutOfRangeException(
                nameof(magnitude), $"[rand_augment] the magnitude is {magnitude}: it is from 0 to {MostMagnitude}.");
        (this.count, this.magnitude) = (count, magnitude);
    }

    /// <inheritdoc/>
    public Image Apply(Image image, DrawKey key)
    {
        ArgumentNullException.ThrowIfNull(image);
        var generator = key.Generator();
        for (int i = 0; i < count; i++)
        {
            int operation = generator.Below(Operations);
            image = Apply(image, operation, generator.Below(2) == 0 ? 1 : -1);
        }
        return image;
    }

    private Image Apply(Image image, int operation, int sign)
    {
        double strength = (double)magnitude / MostMagnitude, signed = sign * strength;
        float factor = (float)(1 + MostFactor * signed);
        switch (operation)
        {
            case 0:
                return PixelMath.Affine(image, [1, MostShear * signed, 0, 0, 1, 0]);
            case 1:
                return PixelMath.Affine(image, [1, 0, 0, MostShear * signed, 1, 0]);
            case 2:
                return PixelMath.Affine(image, [1, 0, Math.Truncate(MostShift * signed * image.Width), 0, 1, 0]);
            case 3:
                return PixelMath.Affine(image, [1, 0, 0, 0, 1, Math.Truncate(MostShift * signed * image.Height)]);
            case 4:
                var (sin, cos) = Math.SinCos(MostDegrees * signed * Math.PI / 180);
                double x = image.Width / 2.0, y = image.Height / 2.0;
                return PixelMath.Affine(image, [cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y]);
            case 5:
                return PixelMath.Brightness(image, factor);
            case 6:
                return PixelMath.Saturation(image, factor);
            case 7:
                return PixelMath.Contrast(image, factor);
            case 8:
                return PixelMath.Sharpness(image, factor);
            case 9:
                return PixelMath.Posterize(image, 8 - (int)Math.Round(4 * strength));
            case 10:
                return PixelMath.Solarize(image, (int)Math.Ceiling(255 * (1 - strength)));
            case 11:
                return PixelMath.AutoContrast(image);
            case 12:
                return PixelMath.Equalize(image);
            default:
                return image;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandAugment({count}, {magnitude})";
}
