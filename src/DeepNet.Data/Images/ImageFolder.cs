namespace DeepNet.Data;

/// <summary>
/// Image files in a folder for each class: <c>flowers/rose/1.jpg</c>, <c>flowers/tulip/a/7.png</c>. The classes are the names of the
/// folders in ordinal order; files are found in folders below them too, and taken in ordinal order of their paths.
/// </summary>
/// <example><code>
/// var flowers = new ImageFolder("flowers") { Transforms = [new Resize(256), Crop.Center(224)] }.Normalize(ImageNet.Mean, ImageNet.Std);
/// foreach (var (x, y) in new DataLoader(flowers, batchSize: 32, shuffle: true) { Workers = 2 }) …
/// </code></example>
public sealed class ImageFolder : ImageFiles
{
    private static readonly string[] Usual = [".jpg", ".jpeg", ".png", ".bmp"];

    /// <summary>The images of a folder.</summary>
    /// <param name="folder">Has a folder for each class.</param>
    /// <param name="extensions">The ends of the names of the files to take, such as ".jpg"; those of JPEG, PNG and BMP if none are
    /// given. Upper and lower case are alike.</param>
    /// <exception cref="ArgumentException">There are no folders, or one of them has no image.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public ImageFolder(string folder, params IReadOnlyList<string> extensions) : this(Find(folder, extensions))
    {
    }

    private ImageFolder((List<string> Paths, List<int> Labels, string[] Classes) found) : base(found.Paths, found.Labels, found.Classes)
    {
    }

    private static (List<string>, List<int>, string[]) Find(string folder, IReadOnlyList<string> extensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(extensions);
        if (extensions.Count == 0) extensions = Usual;
        string[] classes =
            [.. Directory.EnumerateDirectories(folder).Select(Name).Where(name => !IsHidden(name)).Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
            throw new ArgumentException(
                $"[image_folder] {Path.GetFullPath(folder)} has no folders. There must be one for each class, with its images in it.");
        var (paths, labels) = (new List<string>(), new List<int>());
        for (int c = 0; c < classes.Length; c++)
        {
            int before = paths.Count;
            paths.AddRange(Directory.EnumerateFiles(Path.Combine(folder, classes[c]), "*", SearchOption.AllDirectories)
                .Where(path => !IsHidden(Name(path)) && extensions.Any(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal));
            if (paths.Count == before)
                throw new ArgumentException(
                    $"[image_folder] {Path.GetFullPath(Path.Combine(folder, classes[c]))} has no file ending in "
                        + $"{string.Join(", ", extensions)}: a class of no images. Delete the folder, or name the extensions.");
            labels.AddRange(Enumerable.Repeat(c, paths.Count - before));
        }
        return (paths, labels, classes);
    }

    private static string Name(string path) => Path.GetFileName(path);

    // Systems and programs leave such files in every folder: .DS_Store, .ipynb_checkpoints.
    private static bool IsHidden(string name) => name.StartsWith('.');
}
