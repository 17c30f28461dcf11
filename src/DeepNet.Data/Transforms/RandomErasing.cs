namespace DeepNet.Data.Transforms;

/// <summary>
/// Sets a random rectangle of each image to a value, by chance, so that a model learns not to depend on one part. After Zhong et al.
/// (2020); <see cref="Square"/> is the cutout of DeVries and Taylor (2017). Put it after normalisation: 0 is then the mean colour.
/// </summary>
public sealed class RandomErasing : ITransform
{
    private const int Tries = 10;

    private readonly double chance, leastArea, mostArea, leastRatio, mostRatio;
    private readonly float value;
    private readonly int size;                       // of the square; 0 for rectangles

    /// <summary>Rectangles that lie within the image.</summary>
    /// <param name="chance">Of erasing anything, from 0 to 1.</param>
    /// <param name="leastArea">The smallest share of the image's area.</param>
    /// <param name="mostArea">The largest share.</param>
    /// <param name="leastRatio">The smallest height, as a multiple of the width.</param>
    /// <param name="mostRatio">The largest.</param>
    /// <param name="value">What is written.</param>
    public RandomErasing(
        double chance = 0.5, double leastArea = 0.02, double mostArea = 0.33, double leastRatio = 0.3, double mostRatio = 3.3,
        double value = 0)
    {
        if (!(chance is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(chance), $"[random_erasing] {chance} is no chance from 0 to 1.");
        if (!(leastArea >= 0 && leastArea <= mostArea && mostArea <= 1))
            throw new ArgumentException($"[random_erasing] areas from {leastArea} to {mostArea} are no shares of an image.");
        if (!(leastRatio > 0 && leastRatio <= mostRatio && double.IsFinite(mostRatio)))
            throw new ArgumentException($"[random_erasing] there are no proportions from {leastRatio} to {mostRatio}.");
        (this.chance, this.leastArea, this.mostArea) = (chance, leastArea, mostArea);
        (this.leastRatio, this.mostRatio, this.value) = (leastRatio, mostRatio, (float)value);
    }

    private RandomErasing(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (this.size, chance) = (size, 1);
    }

    /// <summary>A square of some pixels' side in every image, set to 0; it may stick out over the edge.</summary>
    public static RandomErasing Square(int size) => new(size);

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var planes = Planes.Of("random_erasing", batch.X);
        var result = Planes.Copy(batch.X);
        using var lease = result.Lease<float>();
        var pixels = lease.Span;
        for (int i = 0; i < planes.Examples && planes.PlaneSize > 0; i++)
        {
            var generator = keys[i].Generator();
            if (size == 0 && generator.NextDouble() >= chance || Find(planes, generator) is not var (top, left, bottom, right)) continue;
            for (int c = 0; c < planes.Channels; c++)
                for (int y = top; y < bottom; y++)
                    pixels[(((i * planes.Channels + c) * planes.Height + y) * planes.Width)..][left..right].Fill(value);
        }
        return batch with { X = result };
    }

    private (int Top, int Left, int Bottom, int Right)? Find(Planes planes, Generator generator)
    {
        if (size > 0)
        {
            int top = generator.Below(planes.Height) - size / 2, left = generator.Below(planes.Width) - size / 2;
            return (Math.Max(0, top), Math.Max(0, left), Math.Min(planes.Height, top + size), Math.Min(planes.Width, left + size));
        }
        for (int i = 0; i < Tries; i++)
        {
            double area = generator.Uniform(leastArea, mostArea) * planes.PlaneSize;
            double ratio = Math.Exp(generator.Uniform(Math.Log(leastRatio), Math.Log(mostRatio)));
            double height = Math.Round(Math.Sqrt(area * ratio)), width = Math.Round(Math.Sqrt(area / ratio));
            if (height >= planes.Height || width >= planes.Width) continue;
            int top = generator.Below(planes.Height - (int)height + 1), left = generator.Below(planes.Width - (int)width + 1);
            return (top, left, top + (int)height, left + (int)width);
        }
        return null;
    }

    /// <inheritdoc/>
    public override string ToString()
        => size > 0 ? $"RandomErasing.Square({size})" : $"RandomErasing({chance}, area {leastArea}–{mostArea})";
}
