using DeepNet.Data.Images;
using DeepNet.Data.Transforms;

namespace DeepNet.Data;

/// <summary>
/// Image files with labels, decoded a batch at a time: x is float32 (N, channels, height, width) from 0 to 1, or normalised; y is int64
/// (N,). Images of different sizes become alike by <see cref="Transforms"/>. Give the loader workers, and they decode ahead.
/// </summary>
/// <example><code>
/// var flowers = ImageFiles.From(rows, row => row.File, row => row.Kind);
/// </code></example>
public class ImageFiles : IRandomDataset, ILabeled
{
    private readonly string[] paths;
    private readonly int[] labels;
    private readonly IImageTransform[] transforms = [];
    private readonly PixelScale? scale;

    /// <summary>Files with the class of each.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="labels">The class of each file, from 0.</param>
    /// <param name="classes">The names of the classes.</param>
    public ImageFiles(IEnumerable<string> paths, IEnumerable<int> labels, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        (this.paths, this.labels, Classes) = ([.. paths], [.. labels], classes);
        if (this.paths.Length != this.labels.Length)
            throw new ArgumentException($"[image_files] there are {this.paths.Length} files and {this.labels.Length} labels.");
        for (int i = 0; i < this.labels.Length; i++)
            if ((uint)this.labels[i] >= (uint)classes.Count)
                throw new ArgumentException(
                    $"[image_files] {this.paths[i]} has the label {this.labels[i]}, and there are {classes.Count} classes, from 0 to "
                        + $"{classes.Count - 1}.");
    }

    private ImageFiles(ImageFiles source, int[] kept, PixelScale? scale)
    {
        (paths, labels) = (Array.ConvertAll(kept, i => source.paths[i]), Array.ConvertAll(kept, i => source.labels[i]));
        (Classes, Options, transforms, this.scale, Seed) = (source.Classes, source.Options, source.transforms, scale, source.Seed);
    }

    /// <summary>Files with the name of the class of each; the classes are these names in ordinal order.</summary>
    /// <param name="items">What a file and its class are known from: records, rows of a table, names of files.</param>
    /// <param name="path">Gives the path of the file.</param>
    /// <param name="label">Gives the name of the class.</param>
    public static ImageFiles From<T>(IEnumerable<T> items, Func<T, string> path, Func<T, string> label)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(label);
        var (paths, names) = (new List<string>(), new List<string>());
        foreach (var item in items)
        {
            paths.Add(path(item));
            names.Add(label(item));
        }
        string[] classes = [.. names.Distinct().Order(StringComparer.Ordinal)];
        return new ImageFiles(paths, names.Select(name => Array.BinarySearch(classes, name, StringComparer.Ordinal)), classes);
    }

    /// <summary>Gets the files.</summary>
    public IReadOnlyList<string> Paths => paths;

    /// <summary>Gets the names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Labels => labels;

    /// <inheritdoc/>
    public int Count => paths.Length;

    /// <summary>Gets the options of decoding: channels, orientation, limits.</summary>
    public ImageOptions Options { get; init; } = ImageOptions.Default;

    /// <summary>
    /// Gets the transforms of each decoded image, in order. Random ones differ every epoch of a loader; without a loader they do the same
    /// to a file each time.
    /// </summary>
    public IReadOnlyList<IImageTransform> Transforms
    {
        get => transforms;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            transforms = [.. value];
        }
    }

    /// <summary>Gets the seed of random transforms where no loader gives one.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The same images, with each channel's mean taken away and divided by its standard deviation on the way out. Costs nothing.
    /// </summary>
    /// <param name="mean">Of each channel, where black is 0 and white is 1; see <see cref="ImageNet"/>.</param>
    /// <param name="std">Of each channel.</param>
    public ImageFiles Normalize(ReadOnlySpan<double> mean, ReadOnlySpan<double> std)
        => new(this, All(), PixelScale.Normalized(ImageDecoder.Channels(Options.Color), mean, std));

    /// <summary>The images that can be decoded. All files are read for that, on all cores.</summary>
    /// <param name="unreadable">The others: what is wrong with each, with its path.</param>
    /// <param name="cancellation">Asked between files.</param>
    public ImageFiles OnlyReadable(out IReadOnlyList<DataFormatException> unreadable, CancellationToken cancellation = default)
    {
        var errors = new DataFormatException?[Count];
        Parallel.For(0, Count,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            i =>
            {
                try
                {
                    Image.Load(paths[i], Options);
                }
                catch (DataFormatException e)
                {
                    errors[i] = e;
                }
            });
        unreadable = [.. errors.OfType<DataFormatException>()];
        return new(this, [.. All().Where(i => errors[i] is null)], scale);
    }

    /// <summary>An image as it is in its file, decoded, to show it.</summary>
    public Image Load(int index)
    {
        Places.Check(this, index);
        return Image.Load(paths[index], Options);
    }

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        var key = DrawKey.FromSeed(Seed);
        var keys = new DrawKey[indices.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = key.At((ulong)indices[i]);
        return GetBatch(indices, keys, cancellation);
    }

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, ReadOnlySpan<DrawKey> keys, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        if (indices.IsEmpty) throw new ArgumentException("[image_files] a batch of no images has no size. Is the data set empty?");
        var y = Tensor.Empty(new Shape(indices.Length), DType.Int64);
        using var targets = y.Lease<long>();
        for (int i = 0; i < indices.Length; i++) targets.Span[i] = labels[indices[i]];
        var first = Transformed(indices[0], keys[0]);
        var x = Tensor.Empty(new Shape(indices.Length, first.Channels, first.Height, first.Width));
        using var examples = x.Lease<float>();
        var pixelScale = scale ?? PixelScale.Unit(first.Channels);
        int size = first.Pixels.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var image = i == 0 ? first : Transformed(indices[i], keys[i]);
            if (image.Height != first.Height || image.Width != first.Width || image.Channels != first.Channels)
                throw new InvalidOperationException(
                    $"[image_files] {paths[indices[0]]} is {first.Height}×{first.Width} and {paths[indices[i]]} is "
                        + $"{image.Height}×{image.Width}: images of one batch must be alike. Add Resize and Crop to Transforms, or use "
                        + "batches of one.");
            Pixels.Separate(image, examples.Span.Slice(i * size, size), pixelScale);
        }
        return new Batch(x, y);
    }

    private Image Transformed(int index, DrawKey key)
    {
        var image = Image.Load(paths[index], Options);
        for (int step = 0; step < transforms.Length; step++) image = transforms[step].Apply(image, key.At((ulong)step));
        return image;
    }

    private int[] All() => [.. Enumerable.Range(0, Count)];

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({Count} images, {Classes.Count} classes)";
}
