using System.Globalization;
using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Documentation;

/// <summary>The scripts of docs/data.md about images, arrays and CSV files, which are compiled here and run.</summary>
public sealed class DataFilesPage : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Images_are_decoded_changed_and_left_out()
    {
        string trainFolder = folder.File("train"), testFolder = folder.File("test"), pictures = folder.File("train/rose");
        foreach (string kind in new[] { "train/rose", "train/tulip", "test/rose", "test/tulip" })
        {
            Directory.CreateDirectory(folder.File(kind));
            folder.Write($"{kind}/1.jpg", Pictures.Bytes("photo.jpg"));
            folder.Write($"{kind}/2.png", Pictures.Bytes("rgb.png"));
        }
        folder.Write("train/rose/broken.jpg", "none");
        string labels = folder.Write("labels.csv", "file,kind\n1.jpg,rose\n2.png,tulip\n");

        // docs: leave out what cannot be read
        var readable = new ImageFolder(trainFolder).OnlyReadable(out var unreadable);
        foreach (var error in unreadable) Console.WriteLine(error.Message);
        // docs: end
        Assert.Equal((4, 1), (readable.Count, unreadable.Count));
        File.Delete(folder.File("train/rose/broken.jpg"));

        // docs: images
        var train = new ImageFolder(trainFolder)
        {
            Transforms = [new RandomResizedCrop(224), new RandomFlip(), new ColorJitter(0.4, 0.4, 0.4, 0.1)],
        }.Normalize(ImageNet.Mean, ImageNet.Std);
        var test = new ImageFolder(testFolder) { Transforms = [new Resize(256), Crop.Center(224)] }.Normalize(ImageNet.Mean, ImageNet.Std);
        var loader = new DataLoader(train, batchSize: 32, shuffle: true)
        {
            Workers = 2, Transform = new Compose(new RandomErasing(0.25), new CutMix(classes: train.Classes.Count)),
        };
        // docs: end
        var (x, y) = loader.First();
        Assert.Equal((new Shape(4, 3, 224, 224), new Shape(4, 2)), (x.Shape, y.Shape));
        Assert.Equal(new Shape(3, 224, 224), test[0].X.Shape);

        // docs: labels from anywhere
        var table = CsvTable.Read(labels);
        var rows = table.Texts("file").Zip(table.Texts("kind"), (file, kind) => (File: file!, Kind: kind!));
        var labelled = ImageFiles.From(rows, row => Path.Combine(pictures, row.File), row => row.Kind);
        // docs: end
        Assert.Equal(["rose", "tulip"], labelled.Classes);
        Assert.Equal(2, labelled.Count);
    }

    [Fact]
    public void Arrays_go_both_ways()
    {
        string features = folder.File("features.npy"), archive = folder.File("both.npz");
        NpyFile.Save(features, Tensor.Ones(new Shape(3, 2)));

        // docs: arrays
        Tensor x = NpyFile.Load(features);
        NpzFile.Save(archive, new Dictionary<string, Tensor> { ["x"] = x, ["y"] = Tensor.Arange(3) }, compress: true);
        var arrays = NpzFile.Load(archive);
        var data = new TensorDataset(arrays["x"], arrays["y"]);
        // docs: end
        Assert.Equal(3, data.Count);
    }

    [Fact]
    public void Tables_are_understood_and_encoded()
    {
        string houses = folder.Write("houses.csv", "area;rooms;kind;price\n" + string.Concat(Enumerable.Range(0, 20)
            .Select(i => $"{50 + i},5;{i % 4};{(i % 3 == 0 ? "flat" : "house")};{100 + i}\n")));
        string german = folder.Write("german.csv", "a;b\n1.234,5;2\n2,5;3\n"), encoderFile = folder.File("encoder.json");
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");

        // docs: CSV
        var table = CsvTable.Read(houses);
        Console.WriteLine(table.Report);
        var (learn, held) = table.Split(test: 0.2);
        var encoder = TableEncoder.Fit(learn, new() { Target = "price", Missing = MissingRule.Median });
        var (learnSet, heldSet) = (encoder.Encode(learn), encoder.Encode(held));
        encoder.Save(encoderFile);
        // docs: end
        Assert.Equal((16, 4), (learnSet.Count, heldSet.Count));

        // docs: CSV of a culture
        double[] numbers = CsvTable.Read(german, new() { Culture = culture }).Numbers("a");
        // docs: end
        Assert.Equal([1234.5, 2.5], numbers);
    }
}
