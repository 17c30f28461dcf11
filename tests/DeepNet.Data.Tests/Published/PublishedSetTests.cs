using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using DeepNet.Data.Download;
using DeepNet.Data.Published;
using DeepNet.Data.Tests.Download;

namespace DeepNet.Data.Tests.Published;

public sealed class PublishedSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<DownloadProgress> told = [];
    private readonly Downloader downloader = new(new HttpClient(new Offline())) { Pause = TimeSpan.Zero };

    public void Dispose() => folder.Dispose();

    private DatasetOptions Here => new() { Folder = folder.Path, Downloader = downloader, Progress = new Told(told) };

    [Fact]
    public void A_set_is_fetched_once_and_then_read_from_the_folder()
    {
        byte[] text = Encoding.UTF8.GetBytes(new string('x', 5000));
        using var server = new LoopbackServer((n, request, to) => n == 0
            ? LoopbackServer.Send(to, "200 OK", text.Length, text.AsMemory(0, 2000))
            : LoopbackServer.SendWell(to, request, text));
        var set = new PublishedSet<string>(
            "Made", "made", [new("made.txt", Convert.ToHexString(SHA256.HashData(text)), text.Length, [server.Url])],
            (at, limits) => TextFile.Read(Path.Combine(at, "made.txt"), limits), () => "stand-in", "another text");
        var options = Here with { Downloader = new Downloader(new HttpClient()) { Pause = TimeSpan.Zero } };
        Assert.Equal(5000, set.Get(options).Length);
        Assert.Equal(5000, set.Get(options).Length);
        Assert.Equal(2, server.Requests.Count);                                                     // the second one went on at 2000
        Assert.Contains("bytes=2000-", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(text.Length, told[^1].Received);
        Assert.Equal(["made.txt"], Directory.GetFiles(folder.File("made")).Select(Path.GetFileName));
    }

    [Fact]
    public void Without_a_network_the_error_says_what_to_put_where()
    {
        var error = Assert.Throws<DownloadException>(() => Data.Datasets.Iris(Here));
        string at = folder.File("iris");
        Assert.StartsWith($"[datasets] Iris is not in {at}, and could not be downloaded.", error.Message, StringComparison.Ordinal);
        foreach (string part in new[]
            {
                "iris.data from https://archive.ics.uci.edu/ml/machine-learning-databases/iris/iris.data", "no network in tests",
                "DEEPNET_DATA to a folder whose 'iris' has them", "Fallback = Fallback.Synthetic",
            })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains("https://ndownloader.figshare.com/files/5976036",
            Assert.Throws<DownloadException>(() => Data.Datasets.CaliforniaHousing(Here)).Message, StringComparison.Ordinal);
        Assert.Throws<DownloadException>(() => Data.Datasets.Mnist(Here));
        Assert.Throws<DownloadException>(() => Data.Datasets.Cifar100(Here));
    }

    [Fact]
    public void Stand_ins_have_the_form_of_what_they_stand_for()
    {
        var made = Here with { Fallback = Fallback.Synthetic };
        Assert.Equal((new Shape(150, 4), 3), (Data.Datasets.Iris(made).X.Shape, Data.Datasets.Iris(made).Labels.Distinct().Count()));
        Assert.Equal(new Shape(178, 13), Data.Datasets.Wine(made).X.Shape);
        Assert.Equal((new Shape(20640, 8), new Shape(20640, 1)),
            (Data.Datasets.CaliforniaHousing(made).X.Shape, Data.Datasets.CaliforniaHousing(made).Y.Shape));
        var (train, test) = Data.Datasets.FashionMnist(made);
        Assert.Equal((6000, 1000, new Shape(1, 28, 28)), (train.Count, test.Count, train[0].X.Shape));
        (train, test) = Data.Datasets.Cifar100(made);
        Assert.Equal((5000, 1000, 100, new Shape(3, 32, 32)), (train.Count, test.Count, train.Classes.Count, test[999].X.Shape));
        Assert.Equal(10, Data.Datasets.Cifar10(made).Test.Labels.Distinct().Count());
        Assert.Equal(1_000_000, Data.Datasets.TinyShakespeare(made).Length);
        Assert.Contains("QUEEN:\n", Data.Datasets.TinyShakespeare(made), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_right_length_and_other_contents_is_not_taken()
    {
        Directory.CreateDirectory(folder.File("iris"));
        File.WriteAllBytes(folder.File("iris/iris.data"), new byte[4551]);
        Assert.Throws<DownloadException>(() => Data.Datasets.Iris(Here));
    }

    [Fact]
    public void Iris_and_wine_are_read_as_UCI_writes_them()
    {
        var iris = PublishedTables
            .ReadIris(folder.Write("iris.data", "5.1,3.5,1.4,0.2,Iris-setosa\n6.3,3.3,6.0,2.5,Iris-virginica\n\n"), new());
        Assert.Equal([5.1f, 3.5f, 1.4f, 0.2f, 6.3f, 3.3f, 6, 2.5f], iris.X.ToArray());
        Assert.Equal([0, 2], iris.Y.ToArray<long>());
        Assert.Equal((4, "versicolor"), (iris.FeatureNames.Count, iris.Classes[1]));
        var wine = PublishedTables.ReadWine(folder.Write("wine.data", "3,1,2,.28,4,127,6,7,8,9,10,11,12,1065\n"), new());
        Assert.Equal([1, 2, 0.28f, 4, 127, 6, 7, 8, 9, 10, 11, 12, 1065], wine.X.ToArray());
        Assert.Equal((2, 13), (wine.Y.Item<long>(), wine.FeatureNames.Count));
    }

    [Theory]
    [InlineData("5.1,3.5,1.4,0.2,Iris-setosa\n5.1,x,1.4,0.2,Iris-setosa\n", 2, 2)]
    [InlineData("5.1,3.5,1.4,0.2,Iris-rose\n", 1, 5)]
    [InlineData("5.1,3.5,1.4,0.2,rose\n", 1, 5)]
    [InlineData("5.1,3.5,1.4,NaN,Iris-setosa\n", 1, 4)]
    [InlineData("5.1,3.5,1.4,Iris-setosa\n", 1, null)]
    public void A_damaged_table_is_an_error_that_says_where(string text, int line, int? column)
    {
        var error = Assert.Throws<DataFormatException>(() => PublishedTables.ReadIris(folder.Write("iris.data", text), new()));
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Housing_is_given_for_each_household()
    {
        string path = folder.File("cal_housing.tgz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar))
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "CaliforniaHousing/cal_housing.data")
            {
                DataStream = new MemoryStream("-122.23,37.88,41.0,880.0,129.0,322.0,126.0,8.3252,452600.0\r\n"u8.ToArray()),
            });
        var housing = PublishedTables.ReadCaliforniaHousing(path, new());
        float[] expected = [8.3252f, 41, 880 / 126f, 129 / 126f, 322, 322 / 126f, 37.88f, -122.23f];
        Assert.Equal(expected, housing.X.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(b));
        Assert.Equal([4.526f], housing.Y.ToArray());
    }

    [Fact]
    public void CIFAR100_counts_by_its_fine_labels()
    {
        Assert.Equal(100, Data.Cifar100.Files.Classes.Distinct().Count());
        byte[] record = new byte[2 + 3072];
        (record[0], record[1], record[2], record[3073]) = (19, 99, 51, 255);
        folder.Write("train.bin", record);
        folder.Write("test.bin", record.AsSpan(0, 1000).ToArray());
        Assert.True(Cifar100.IsIn(folder.Path));
        var train = Cifar100.Load(folder.Path, train: true);
        Assert.Equal("worm", train.Classes[train.Labels[0]]);
        Assert.Equal((51, 255), (train.Image(0)[0], train.Image(0)[3071]));
        Assert.Throws<DataFormatException>(() => Cifar100.Load(folder.Path, train: false));
        record[1] = 100;
        folder.Write("train.bin", record);
        var error = Assert.Throws<DataFormatException>(() => Cifar100.Load(folder.Path, train: true));
        Assert.Contains("Is it CIFAR-10, or no CIFAR at all?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_is_where_the_variable_says()
    {
        string? before = Environment.GetEnvironmentVariable(Data.Datasets.FolderVariable);
        try
        {
            Environment.SetEnvironmentVariable(Data.Datasets.FolderVariable, folder.Path);
            Assert.Equal(folder.Path, Data.Datasets.Folder);
            Environment.SetEnvironmentVariable(Data.Datasets.FolderVariable, null);
            Assert.EndsWith(Path.Combine("deepnet", "datasets"), Data.Datasets.Folder, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Data.Datasets.FolderVariable, before);
        }
    }

    [Fact]
    public void Progress_is_written_by_tenths()
    {
        var text = new StringWriter();
        var printer = new DownloadPrinter(text);
        for (int i = 1; i <= 100; i++) printer.Report(new("set.bin", i << 20, 100 << 20));
        Assert.Equal(11, text.ToString().Split('\n').Length - 1);
        printer.Report(new("small.bin", 10, 1000));
        printer.Report(new("small.bin", 1000, 1000));
        printer.Report(new("small.bin", 0, null, "attempt 1 failed"));
        Assert.Equal(13, text.ToString().Split('\n').Length - 1);
        Assert.Contains("[datasets] set.bin: 50.0 of 100.0 MiB", text.ToString(), StringComparison.Ordinal);
    }

    private sealed class Offline : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => throw new HttpRequestException("no network in tests");
    }

    private sealed class Told(List<DownloadProgress> all) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => all.Add(value);
    }
}
