using DeepNet.Data.Images;

namespace DeepNet.Data.Transforms;

/// <summary>Mirrors images by chance. Not for digits or letters: a mirrored 2 is no digit.</summary>
public sealed class RandomFlip : ITransform, IImageTransform
{
    private readonly double horizontal, vertical;

    /// <summary>Chances from 0 to 1.</summary>
    /// <param name="horizontal">Of exchanging left and right.</param>
    /// <param name="vertical">Of exchanging top and bottom.</param>
    public RandomFlip(double horizontal = 0.5, double vertical = 0)
    {
        if (!(horizontal is >= 0 and <= 1 && vertical is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(horizontal), $"[random_flip] {horizontal} and {vertical} are not both chances from 0 to 1.");
        (this.horizontal, this.vertical) = (horizontal, vertical);
    }

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var planes = Planes.Of("random_flip", batch.X);
        var result = Planes.Copy(batch.X);
        using var lease = result.Lease<float>();
        var pixels = lease.Span;
        for (int i = 0; i < planes.Examples; i++)
        {
            var generator = keys[i].Generator();
            bool isMirrored = generator.NextDouble() < horizontal, isUpended = generator.NextDouble() < vertical;
            var example = pixels.Slice(i * planes.ExampleSize, planes.ExampleSize);
            for (int row = 0; isMirrored && row < planes.Channels * planes.Height; row++)
                example.Slice(row * planes.Width, planes.Width).Reverse();
            for (int c = 0; isUpended && c < planes.Channels; c++) Upend(example.Slice(c * planes.PlaneSize, planes.PlaneSize), planes);
        }
        return batch with { X = result };
    }

    /// <inheritdoc/>
    public Image Apply(Image image, DrawKey key)
    {
        ArgumentNullException.ThrowIfNull(image);
        var generator = key.Generator();
        bool isMirrored = generator.NextDouble() < horizontal, isUpended = generator.NextDouble() < vertical;
        return Exif.Apply(image, (isMirrored, isUpended) switch
        {
            (true, true) => Exif.Turned,
            (true, false) => Exif.Mirrored,
            (false, true) => Exif.Upended,
            _ => Exif.Upright,
        });
    }

    // The whole plane backwards, then each row backwards again.
    private static void Upend(Span<float> plane, Planes planes)
    {
        plane.Reverse();
        for (int row = 0; row < planes.Height; row++) plane.Slice(row * planes.Width, planes.Width).Reverse();
    }

    /// <inheritdoc/>
    public override string ToString() => $"RandomFlip({horizontal}, {vertical})";
}
