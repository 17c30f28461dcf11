using DeepNet.Data.Files;
using DeepNet.Data.Images;

namespace DeepNet.Data;

/// <summary>
/// Images with labels, kept as bytes and made into numbers a batch at a time: x is float32 (N, channels, height, width) from 0 to 1, or
/// normalised; y is int64 (N,).
/// </summary>
public sealed class ImageDataset : IDataset, ILabeled
{
    private readonly byte[] pixels;
    private readonly int[] labels;
    private readonly PixelScale scale;

    /// <summary>Images that are in memory. The arrays are not copied.</summary>
    /// <param name="pixels">Row by row, channel by channel, image by image.</param>
    /// <param name="labels">The class of each image, from 0.</param>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="classes">The names of the classes.</param>
    public ImageDataset(byte[] pixels, int[] labels, int channels, int height, int width, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (channels < 1 || height < 1 || width < 1 || (Int128)channels * height * width * labels.Length != pixels.Length)
            throw new ArgumentException(
                $"[image_dataset] {pixels.Length} bytes are not {labels.Length} images of {channels}×{height}×{width}.");
        for (int i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classes.Count)
                throw new ArgumentException(
                    $"[image_dataset] image {i} has the label {labels[i]}, and there are {classes.Count} classes, from 0 to "
                        + $"{classes.Count - 1}.");
        (this.pixels, this.labels) = (pixels, labels);
        (Channels, Height, Width, Classes) = (channels, height, width, classes);
        scale = PixelScale.Unit(channels);
    }

    private ImageDataset(ImageDataset source, PixelScale scale)
    {
        (pixels, labels) = (source.pixels, source.labels);
        (Channels, Height, Width, Classes) = (source.Channels, source.Height, source.Width, source.Classes);
        this.scale = scale;
    }

    /// <summary>Reads a file of images and one of labels.</summary>
    /// <param name="images">An IDX file of bytes (N, height, width), plain or packed.</param>
    /// <param name="labels">An IDX file of bytes (N,), plain or packed.</param>
    /// <param name="classes">The names of the classes; 0, 1, 2… if left out.</param>
    /// <param name="limits">The limits of what a file may hold; <see cref="DataLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">A file is damaged or exceeds a limit, or the two do not belong together.</exception>
    public static ImageDataset FromIdx(string images, string labels, IReadOnlyList<string>? classes = null, DataLimits? limits = null)
        => IdxImages.Read(DataFile.At(images), DataFile.At(labels), classes, limits);

    /// <inheritdoc/>
    public int Count => labels.Length;

    /// <summary>1 for grey, 3 for colour.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>Gets the names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Labels => labels;

    private int ImageSize => Channels * Height * Width;

    /// <summary>The bytes of an image as they are in the file, to show it.</summary>
    public ReadOnlySpan<byte> Image(int index)
    {
        Places.Check(this, index);
        return pixels.AsSpan(index * ImageSize, ImageSize);
    }

    /// <summary>
    /// The same images, with each channel's mean taken away and divided by its standard deviation on the way out. Costs nothing.
    /// </summary>
    /// <param name="mean">Of each channel, where black is 0 and white is 1.</param>
    /// <param name="std">Of each channel.</param>
    public ImageDataset Normalize(ReadOnlySpan<double> mean, ReadOnlySpan<double> std)
        => new(this, PixelScale.Normalized(Channels, mean, std));

    /// <summary>Mean and standard deviation of each channel over all images, for <see cref="Normalize"/>.</summary>
    public (double[] Mean, double[] Std) Measure()
    {
        var (mean, std) = (new double[Channels], new double[Channels]);
        int plane = Height * Width;
        for (int c = 0; c < Channels; c++)
        {
            long sum = 0, squares = 0, n = (long)Count * plane;
            for (int i = 0; i < Count; i++)
                foreach (byte v in pixels.AsSpan((i * Channels + c) * plane, plane))
                {
                    sum += v;
                    squares += v * v;
                }
            if (n == 0) continue;
            mean[c] = sum / (255.0 * n);
            std[c] = Math.Sqrt((double)((Int128)n * squares - (Int128)sum * sum)) / (255.0 * n);
        }
        return (mean, std);
    }

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        var x = Tensor.Empty(new Shape(indices.Length, Channels, Height, Width));
        var y = Tensor.Empty(new Shape(indices.Length), DType.Int64);
        using var examples = x.Lease<float>();
        using var targets = y.Lease<long>();
        var to = examples.Span;
        var classes = targets.Span;
        int plane = Height * Width;
        for (int i = 0; i < indices.Length; i++)
        {
            classes[i] = labels[indices[i]];
            for (int c = 0; c < Channels; c++)
                Pixels.Convert(
                    pixels.AsSpan((indices[i] * Channels + c) * plane, plane), to.Slice((i * Channels + c) * plane, plane),
                    scale.Factors[c], scale.Terms[c]);
        }
        return new Batch(x, y);
    }

    /// <inheritdoc/>
    public override string ToString() => $"ImageDataset({Count} of {Channels}×{Height}×{Width}, {Classes.Count} classes)";
}
