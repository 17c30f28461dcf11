using System.Security.Cryptography;
using DeepNet.Data.Download;
using DeepNet.Data.Images;
using DeepNet.Data.Tests.Download;
using DeepNet.IO;
using DeepNet.Tests.IO.Faults;

namespace DeepNet.Data.Tests;

/// <summary>Every writer of the package, with each of its operations on files failing in turn.</summary>
public sealed class WriterFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Encoders_and_arrays_are_old_or_new()
    {
        File.WriteAllText(folder.File("a.csv"), "x,kind,y\n1,a,2\n3,b,4\n");
        var encoder = TableEncoder.Fit(CsvTable.Read(folder.File("a.csv")), new() { Target = "y" });
        Assert.True(EachFault.OfOneFile(folder.File("encoders"), encoder.Save) >= 12);
        byte[] elements = new byte[200_000];
        new Random(1).NextBytes(elements);
        Assert.True(EachFault.OfOneFile(folder.File("arrays"), path => Idx.Save(path, elements, new Shape(elements.Length))) >= 12);
        var tensor = Tensor.From<byte>(elements);
        Assert.True(EachFault.OfOneFile(folder.File("npy"), path => NpyFile.Save(path, tensor)) >= 12);
        var named = new Dictionary<string, Tensor> { ["a"] = tensor, ["b"] = Tensor.Ones(new Shape(3)) };
        Assert.True(EachFault.OfOneFile(folder.File("npz"), path => NpzFile.Save(path, named)) >= 12);
    }

    [Fact]
    public async Task A_download_is_whole_or_can_be_gone_on_with()
    {
        byte[] file = RandomNumberGenerator.GetBytes(150_000);
        using var server = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, file));
        var remote = new RemoteFile("set.bin", Convert.ToHexString(SHA256.HashData(file)), file.Length, [server.Url]);
        var downloader = new Downloader(new HttpClient()) { Attempts = 1 };
        int failures = 0;
        for (int n = 1; ; n++)
        {
            string at = folder.File($"{n}");
            var system = new FaultyFileSystem(n, staysFull: true);
            Exception? error = await Record.ExceptionAsync(async () =>
            {
                FileSystem.Use(system);                  // for this flow of control: it ends with the lambda
                await downloader.GetAsync(remote, at);
            });
            Assert.Same(typeof(FileSystem), FileSystem.Current.GetType());
            string path = Path.Combine(at, "set.bin");
            if (File.Exists(path)) Assert.Equal(file, File.ReadAllBytes(path));
            if (system.Failed is null) break;
            failures++;
            Assert.IsAssignableFrom<IOException>(error);
            Assert.Equal(file, File.ReadAllBytes(await downloader.GetAsync(remote, at)));
            Assert.Equal(path, Assert.Single(Directory.GetFiles(at)));
        }
        Assert.True(failures >= 6, $"{failures}");           // folder, part, pieces, fsync, rename, fsync of the folder
    }
}
