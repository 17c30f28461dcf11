namespace DeepNet.Data.Transforms;

/// <summary>Cuts images to a size: from the middle, or from a random place after padding with zeros.</summary>
public sealed class Crop : ITransform
{
    private readonly int height, width, padding;
    private readonly bool isRandom;

    private Crop(int height, int width, int padding, bool isRandom)
    {
        if (height < 1 || width < 1)
            throw new ArgumentOutOfRangeException(nameof(height), $"[crop] an image of {height}×{width} cannot be cut.");
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        (this.height, this.width, this.padding, this.isRandom) = (height, width, padding, isRandom);
    }

    /// <summary>The middle of each image.</summary>
    public static Crop Center(int height, int width) => new(height, width, 0, false);

    /// <summary>A random place of each image.</summary>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="padding">Rows and columns of zeros around the image before it is cut.</param>
    public static Crop Random(int height, int width, int padding = 0) => new(height, width, padding, true);

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var planes = Planes.Of("crop", batch.X);
        int freeRows = planes.Height + 2 * padding - height, freeColumns = planes.Width + 2 * padding - width;
        if (freeRows < 0 || freeColumns < 0)
            throw new ArgumentException(
                $"[crop] {height}×{width} cannot be cut from "
                    + $"{planes.Height}×{planes.Width}{(padding > 0 ? $" with a padding of {padding}" : "")}.");
        var source = Planes.Dense(batch.X);
        var result = Tensor.Zeros(Planes.Resized(batch.X, height, width));
        using var reading = source.LeaseReadOnly<float>();
        using var writing = result.Lease<float>();
        var from = reading.Span;
        var to = writing.Span;
        for (int i = 0; i < planes.Examples; i++)
        {
            var (top, left) = (freeRows / 2, freeColumns / 2);
            if (isRandom)
            {
                var generator = keys[i].Generator();
                (top, left) = (generator.Below(freeRows + 1), generator.Below(freeColumns + 1));
            }
            (top, left) = (top - padding, left - padding);
            int begin = Math.Max(0, left), end = Math.Min(planes.Width, left + width);
            for (int c = 0; c < planes.Channels; c++)
                for (int y = 0; y < height; y++)
                {
                    if ((uint)(y + top) >= (uint)planes.Height || begin >= end) continue;
                    from.Slice(((i * planes.Channels + c) * planes.Height + y + top) * planes.Width + begin, end - begin)
                        .CopyTo(to[(((i * planes.Channels + c) * height + y) * width + begin - left)..]);
                }
        }
        return batch with { X = result };
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"Crop.{(isRandom ? "Random" : "Center")}({height}, {width}{(padding > 0 ? $", padding {padding}" : "")})";
}
