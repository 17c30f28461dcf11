using System.Formats.Tar;
using System.IO.Compression;

namespace DeepNet.Data.Tests.Images;

public sealed class ImageDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] CifarRecords(int count, int first) => [.. Enumerable.Range(first, count)
        .SelectMany(i => new[] { (byte)(i % 10) }.Concat(Enumerable.Range(0, 3072).Select(p => (byte)(i * 31 + p / 1024 * 50 + p % 7))))];

    [Fact]
    public void Images_of_any_size_are_converted_exactly()
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 37).Select(i => (byte)(i * 7))];
        var data = new ImageDataset(pixels, [0, 1], 1, 1, 37, ["a", "b"]);
        Assert.Equal(pixels.Select(p => p * (1 / 255f)), data.All().X.ToArray());
    }

    [Fact]
    public void Normalised_channels_have_mean_0_and_deviation_1()
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 2 * 9).Select(i => (byte)(i * i % 251))];
        var data = new ImageDataset(pixels, new int[5], 2, 3, 3, ["a"]);
        var (mean, std) = data.Measure();
        var x = data.Normalize(mean, std).All().X;
        for (int c = 0; c < 2; c++)
        {
            Assert.Equal(0, x[.., c].Mean().Item(), 1e-6);
            Assert.Equal(1, x[.., c].Std(correction: 0).Item(), 1e-5);
        }
    }

    [Fact]
    public void Mnist_is_found_by_its_names_and_else_they_are_reported()
    {
        Assert.False(Mnist.IsIn(folder.Path));
        var error = Assert.Throws<FileNotFoundException>(() => Mnist.Load(folder.Path, train: true));
        Assert.Contains("train-images-idx3-ubyte.gz", error.Message, StringComparison.Ordinal);
        foreach (string part in new[] { "train", "t10k" })
        {
            DeepNet.Data.Images.Idx.Save(folder.File($"{part}-images-idx3-ubyte.gz"), new byte[3 * 28 * 28], new Shape(3, 28, 28));
            DeepNet.Data.Images.Idx.Save(folder.File($"{part}-labels-idx1-ubyte"), new byte[] { 7, 0, 9 }, new Shape(3));
        }
        Assert.True(Mnist.IsIn(folder.Path));
        Assert.Equal([7, 0, 9], Mnist.Load(folder.Path, train: false).Labels);
        Assert.Equal("sandal", Mnist.Load(folder.Path, train: true, MnistKind.Fashion).Classes[5]);
    }

    [Fact]
    public void Emnist_is_turned_upright_and_counts_from_0()
    {
        DeepNet.Data.Images.Idx.Save(
            folder.File("emnist-letters-train-images-idx3-ubyte.gz"), new byte[] { 1, 2, 3, 4, 5, 6 }, new Shape(1, 2, 3));
        DeepNet.Data.Images.Idx.Save(folder.File("emnist-letters-train-labels-idx1-ubyte.gz"), new byte[] { 26 }, new Shape(1));
        var data = Mnist.Load(folder.Path, train: true, MnistKind.EmnistLetters);
        Assert.Equal("z", data.Classes[data.Labels[0]]);
        Assert.Equal([1, 4, 2, 5, 3, 6], data.Image(0).ToArray());
        Assert.Equal((3, 2), (data.Height, data.Width));
    }

    [Fact]
    public void Cifar_is_read_from_files_and_from_its_archive_alike()
    {
        string archive = folder.File("cifar-10-binary.tar.gz");
        using (var tar = new TarWriter(new GZipStream(File.Create(archive), CompressionLevel.Fastest)))
            foreach (int i in new[] { 3, 1, 6, 2, 5, 4 })
                tar.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, $"cifar-10-batches-bin/{(i == 6 ? "test_batch" : $"data_batch_{i}")}.bin")
                    {
                        DataStream = new MemoryStream(CifarRecords(2, i * 2)),
                    });
        var packed = Cifar10.Load(folder.Path, train: true);
        File.Delete(archive);
        for (int i = 1; i <= 5; i++) folder.Write($"data_batch_{i}.bin", CifarRecords(2, i * 2));
        var plain = Cifar10.Load(folder.Path, train: true);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 0, 1], plain.Labels);
        Assert.Equal(plain.Labels, packed.Labels);
        Assert.Equal(plain.All().X.ToArray(), packed.All().X.ToArray());
        Assert.Equal(CifarRecords(1, 4)[1..], plain.Image(2).ToArray());
        Assert.Equal(new Shape(10, 3, 32, 32), plain.All().X.Shape);
        Assert.Contains(
            "test_batch.bin", Assert.Throws<FileNotFoundException>(() => Cifar10.Load(folder.Path, train: false)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_cifar_files_are_reported_with_their_byte()
    {
        byte[] good = CifarRecords(3, 0);
        folder.Write("test_batch.bin", good.AsSpan(..^5));
        Assert.Equal(good.Length - 5, Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Path, train: false)).Offset);
        good[3073] = 10;
        folder.Write("test_batch.bin", good);
        Assert.Equal(3073, Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Path, train: false)).Offset);
        File.Delete(folder.File("test_batch.bin"));
        folder.Write("cifar-10-binary.tar.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Throws<DataFormatException>(() => Cifar10.Load(folder.Path, train: false));
    }
}
