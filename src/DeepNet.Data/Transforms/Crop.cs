namespace DeepNet.Data.Transforms;

/// <summary>
/// Cuts images to a size: from the middle, or from a random place after padding with zeros. Before batching, where images of different
/// sizes become alike, or in a batch.
/// </summary>
public sealed class Crop : ITransform, IImageTransform
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

    /// <summary>The middle of each image, a square.</summary>
    public static Crop Center(int size) => Center(size, size);

    /// <summary>A random place of each image.</summary>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    /// <param name="padding">Rows and columns of zeros around the image before it is cut.</param>
    public static Crop Random(int height, int width, int padding = 0) => new(height, width, padding, true);

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var planes = Planes.Of("crop", batch.X);
        var source = Planes.Dense(batch.X);
        var result = Tensor.Zeros(Planes.Resized(batch.X, height, width));
        using var reading = source.LeaseReadOnly<float>();
        using var writing = result.Lease<float>();
        var from = reading.Span;
        var to = writing.Span;
        for (int i = 0; i < planes.Examples; i++)
        {
            var (top, left) = Place(planes.Height, planes.Width, keys[i]);
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
    public Image Apply(Image image, DrawKey key)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (top, left) = Place(image.Height, image.Width, key);
        var result = new Image(new byte[checked(height * width * image.Channels)], height, width, image.Channels);
        int begin = Math.Max(0, left), count = (Math.Min(image.Width, left + width) - begin) * image.Channels;
        for (int y = Math.Max(0, -top); y < height && y + top < image.Height && count > 0; y++)
            image.Pixels.AsSpan(((y + top) * image.Width + begin) * image.Channels, count)
                .CopyTo(result.Pixels.AsSpan((y * width + begin - left) * image.Channels));
        return result;
    }

    // Where the cut begins; before the first row or column in the padding.
    private (int Top, int Left) Place(int oldHeight, int oldWidth, DrawKey key)
    {
        int freeRows = oldHeight + 2 * padding - height, freeColumns = oldWidth + 2 * padding - width;
        if (freeRows < 0 || freeColumns < 0)
            throw new ArgumentException(
                $"[crop] {height}×{width} cannot be cut from "
                    + $"{oldHeight}×{oldWidth}{(padding > 0 ? $" with a padding of {padding}" : "")}. Resize first.");
        if (!isRandom) return (freeRows / 2 - padding, freeColumns / 2 - padding);
        var generator = key.Generator();
        return (generator.Below(freeRows + 1) - padding, generator.Below(freeColumns + 1) - padding);
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"Crop.{(isRandom ? "Random" : "Center")}({height}, {width}{(padding > 0 ? $", padding {padding}" : "")})";
}
