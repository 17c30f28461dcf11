using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Images;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ImageFolderTests()
    {
        Directory.CreateDirectory(folder.File("b/deep/er"));
        Directory.CreateDirectory(folder.File("a"));
        Directory.CreateDirectory(folder.File("B"));
        Directory.CreateDirectory(folder.File(".cache"));
        folder.Write("a/2.png", Pictures.Bytes("rgb.png"));
        folder.Write("a/1.JPG", Pictures.Bytes("photo.jpg"));
        folder.Write("a/notes.txt", "none");
        folder.Write("b/deep/er/z.bmp", Pictures.Bytes("rgb.bmp"));
        folder.Write("b/x.png", Pictures.Bytes("grey.png"));
        folder.Write("B/orientation.jpeg", Pictures.Bytes("orientation6.jpg"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_is_a_class_and_all_are_in_ordinal_order()
    {
        var images = new ImageFolder(folder.Path);
        Assert.Equal(["B", "a", "b"], images.Classes);
        Assert.Equal([0, 1, 1, 2, 2], images.Labels);
        Assert.Equal(
            ["B/orientation.jpeg", "a/1.JPG", "a/2.png", "b/deep/er/z.bmp", "b/x.png"],
            images.Paths.Select(path => Path.GetRelativePath(folder.Path, path)));
        Assert.Equal(["a", "b"], images.Labels.Select(label => images.Classes[label]).Distinct().Skip(1));
    }

    [Fact]
    public void A_batch_has_images_of_one_size_and_their_classes()
    {
        var images = new ImageFolder(folder.Path) { Transforms = [new Resize(20), Crop.Center(16)] };
        var (x, y) = images.GetBatch([0, 2, 4]);
        Assert.Equal(new Shape(3, 3, 16, 16), x.Shape);
        Assert.Equal([0L, 1, 2], y.ToArray<long>());
        var alone = images[2];
        Assert.Equal(alone.X.ToArray(), x[1].ToArray());
        float most = x.Max().Item(), least = x.Min().Item();
        Assert.InRange(least, 0, 1);
        Assert.InRange(most, 0, 1);
    }

    [Fact]
    public void Normalisation_is_that_of_a_transform_after()
    {
        var images = new ImageFolder(folder.Path) { Transforms = [new Resize(16, 16)] };
        float[] x = images.Normalize(ImageNet.Mean, ImageNet.Std).GetBatch([1, 2]).X.ToArray();
        var mean = Tensor.From<float>([0.485f, 0.456f, 0.406f], new Shape(3, 1, 1));
        var std = Tensor.From<float>([0.229f, 0.224f, 0.225f], new Shape(3, 1, 1));
        float[] expected = new Standardize(mean, std).Apply(images.GetBatch([1, 2]).X).ToArray();
        for (int i = 0; i < x.Length; i++) Assert.Equal(expected[i], x[i], 2e-6);
    }

    [Fact]
    public void Images_of_different_sizes_are_named()
    {
        var e = Assert.Throws<InvalidOperationException>(() => new ImageFolder(folder.Path).GetBatch([0, 1]));
        Assert.Contains("orientation.jpeg is 31×23", e.Message, StringComparison.Ordinal);
        Assert.Contains("1.JPG is 23×31", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_or_left_out()
    {
        string bad = folder.Write("a/0.jpg", "no picture");
        var images = new ImageFolder(folder.Path) { Transforms = [new Resize(8, 8)] };
        Assert.Equal(6, images.Count);
        Assert.Contains(bad, Assert.Throws<DataFormatException>(() => images.GetBatch([1])).Message, StringComparison.Ordinal);
        var readable = images.OnlyReadable(out var unreadable);
        Assert.Equal([bad], unreadable.Select(e => e.Path));
        Assert.Equal([0, 1, 1, 2, 2], readable.Labels);
        Assert.Equal(5, readable.GetBatch([0, 1, 2, 3, 4]).X.Shape[0]);
    }

    [Fact]
    public void Files_and_classes_come_from_any_list()
    {
        var rows = new[] { (File: "a/2.png", Kind: "rose"), (File: "a/1.JPG", Kind: "Tulip"), (File: "b/x.png", Kind: "rose") };
        var images = ImageFiles.From(rows, row => folder.File(row.File), row => row.Kind);
        Assert.Equal(["Tulip", "rose"], images.Classes);
        Assert.Equal([1, 0, 1], images.Labels);
        Assert.Throws<ArgumentException>(() => new ImageFiles(["a"], [1], ["one"]));
        Assert.Throws<ArgumentException>(() => new ImageFiles(["a"], [], ["one"]));
    }

    [Fact]
    public void A_folder_without_classes_or_images_is_refused()
    {
        using var empty = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => new ImageFolder(empty.Path));
        Directory.CreateDirectory(empty.File("class"));
        Assert.Throws<ArgumentException>(() => new ImageFolder(empty.Path));
        Assert.Throws<DirectoryNotFoundException>(() => new ImageFolder(empty.File("none")));
        empty.Write("class/a.PIC", Pictures.Bytes("rgb.png"));
        Assert.Equal(new Shape(3, 23, 31), new ImageFolder(empty.Path, ".gif", ".pic")[0].X.Shape);
    }

    [Fact]
    public void Random_transforms_differ_by_epoch_and_are_the_same_for_any_workers_and_after_resume()
    {
        ImageFiles images = new ImageFolder(folder.Path) { Transforms = [new Resize(20, 20), Crop.Random(12, 12), new RandomFlip()] };
        var set = new ConcatDataset(images.Subset(0, 1, 2), images.Subset(3, 4)).Map(new GaussianNoise(0.01));
        List<float[]> Epochs(int workers, LoaderState? from = null)
        {
            var loader = new DataLoader(set, 2, shuffle: true, seed: 5) { Workers = workers };
            if (from is { } state) loader.State = state;
            var result = new List<float[]>();
            for (int epoch = from is null ? 0 : 1; epoch < 2; epoch++)
                foreach (var (x, _) in loader) result.Add(x.ToArray());
            return result;
        }
        var expected = Epochs(0);
        Assert.Equal(expected, Epochs(2));
        Assert.Equal(expected[4..], Epochs(1, new LoaderState(5, 1, 1)));
        var inOrder = new DataLoader(images, 5);
        float[] first = inOrder.First().X.ToArray(), second = inOrder.First().X.ToArray();
        Assert.NotEqual(first, second);
        Assert.Equal(images.GetBatch([3]).X.ToArray(), images.GetBatch([3]).X.ToArray());
    }
}
