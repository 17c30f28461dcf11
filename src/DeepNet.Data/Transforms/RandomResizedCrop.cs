using DeepNet.Data.Images;

namespace DeepNet.Data.Transforms;

/// <summary>
/// Cuts a random rectangle and resizes it, antialiased: objects come in all sizes and a little stretched. The usual way to train on
/// ImageNet, after Szegedy et al. (2015).
/// </summary>
public sealed class RandomResizedCrop : IImageTransform
{
    private const int Tries = 10;

    private readonly int height, width;
    private readonly double leastArea, mostArea, leastRatio, mostRatio;

    /// <summary>A crop of random area and proportions, made into a square.</summary>
    /// <param name="size">The side of the result.</param>
    /// <param name="leastArea">The smallest share of the image's area.</param>
    /// <param name="mostArea">The largest share.</param>
    /// <param name="leastRatio">The smallest width, as a multiple of the height.</param>
    /// <param name="mostRatio">The largest.</param>
    public RandomResizedCrop(
        int size, double leastArea = 0.08, double mostArea = 1, double leastRatio = 3.0 / 4, double mostRatio = 4.0 / 3)
        : this(size, size, leastArea, mostArea, leastRatio, mostRatio)
    {
    }

    /// <summary>A crop of random area and proportions, made into a rectangle.</summary>
    /// <param name="height">The height of the result.</param>
    /// <param name="width">The width of the result.</param>
    /// <param name="leastArea">The smallest share of the image's area.</param>
    /// <param name="mostArea">The largest share.</param>
    /// <param name="leastRatio">The smallest width, as a multiple of the height.</param>
    /// <param name="mostRatio">The largest.</param>
    public RandomResizedCrop(int height, int width, double leastArea, double mostArea, double leastRatio, double mostRatio)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (!(leastArea > 0 && leastArea <= mostArea && mostArea <= 1))
            throw new ArgumentException($"[random_resized_crop] areas from {leastArea} to {mostArea} are no shares of an image.");
        if (!(leastRatio > 0 && leastRatio <= mostRatio && double.IsFinite(mostRatio)))
            throw new ArgumentException($"[random_resized_crop] there are no proportions from {leastRatio} to {mostRatio}.");
        (this.height, this.width) = (height, width);
        (this.leastArea, this.mostArea, this.leastRatio, this.mostRatio) = (leastArea, mostArea, leastRatio, mostRatio);
    }

    /// <inheritdoc/>
    public Image Apply(Image image, DrawKey key)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (top, left, rows, columns) = Window(image.Height, image.Width, key.Generator());
        return Resampling.Run(image, top, left, rows, columns, height, width, InterpolationMode.Linear);
    }

    private (int Top, int Left, int Rows, int Columns) Window(int oldHeight, int oldWidth, Generator generator)
    {
        for (int i = 0; i < Tries; i++)
        {
            double area = generator.Uniform(leastArea, mostArea) * oldHeight * oldWidth;
            double ratio = Math.Exp(generator.Uniform(Math.Log(leastRatio), Math.Log(mostRatio)));
            double columns = Math.Round(Math.Sqrt(area * ratio)), rows = Math.Round(Math.Sqrt(area / ratio));
            if (columns >= 1 && columns <= oldWidth && rows >= 1 && rows <= oldHeight)
                return (generator.Below(oldHeight - (int)rows + 1), generator.Below(oldWidth - (int)columns + 1), (int)rows, (int)columns);
        }
        // A very long image has no such rectangle: the middle, as much as the proportions allow.
        double own = Math.Clamp((double)oldWidth / oldHeight, leastRatio, mostRatio);
        int w = Math.Clamp((int)Math.Round(oldHeight * own), 1, oldWidth), h = Math.Clamp((int)Math.Round(oldWidth / own), 1, oldHeight);
        return ((oldHeight - h) / 2, (oldWidth - w) / 2, h, w);
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomResizedCrop({height}, {width}, area {leastArea}–{mostArea})";
}
