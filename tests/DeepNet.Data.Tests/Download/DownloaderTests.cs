using System.Security.Cryptography;
using DeepNet.Data.Download;

namespace DeepNet.Data.Tests.Download;

public sealed class DownloaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly byte[] file = RandomNumberGenerator.GetBytes(300_000);
    private readonly Downloader downloader = new(new HttpClient()) { Pause = TimeSpan.Zero, StallTimeout = TimeSpan.FromSeconds(10) };

    public void Dispose() => folder.Dispose();

    private RemoteFile Remote(bool knowsLength, params string[] mirrors)
        => new("set.bin", Convert.ToHexString(SHA256.HashData(file)), knowsLength ? file.Length : null, mirrors);

    private async Task Refused(RemoteFile remote, string expected, Downloader? by = null)
    {
        var error = await Assert.ThrowsAsync<DownloadException>(() => (by ?? downloader).GetAsync(remote, folder.Path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("set.bin")));
    }

    [Fact]
    public async Task A_file_is_fetched_once_and_reported()
    {
        using var server = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, file));
        var told = new Reports();
        string path = await downloader.GetAsync(Remote(true, server.Url), folder.Path, told);
        Assert.Equal(file, File.ReadAllBytes(path));
        Assert.Equal((file.Length, (long?)file.Length), ((int)told.All[^1].Received, told.All[^1].Total));
        await downloader.GetAsync(Remote(true, server.Url), folder.Path);
        Assert.Single(server.Requests);
        Assert.Equal(["set.bin"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_download_goes_on_where_it_broke(bool knowsLength)
    {
        using var server = new LoopbackServer((n, request, to) => n == 0
            ? LoopbackServer.Send(to, "200 OK", file.Length, file.AsMemory(0, 100_000))
            : LoopbackServer.SendWell(to, request, file));
        string path = await downloader.GetAsync(Remote(knowsLength, server.Url), folder.Path);
        Assert.Equal(file, File.ReadAllBytes(path));
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("Range: bytes=100000-", server.Requests[1], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_later_process_goes_on_with_the_part_of_an_earlier_one()
    {
        folder.Write("set.bin.part", file.AsSpan(0, 1234));
        using var server = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, file));
        Assert.Equal(file, File.ReadAllBytes(await downloader.GetAsync(Remote(true, server.Url), folder.Path)));
        Assert.Contains("bytes=1234-", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_ranges_begins_again()
    {
        folder.Write("set.bin.part", file.AsSpan(0, 1234));
        using var server = new LoopbackServer((_, _, to) => LoopbackServer.Send(to, "200 OK", file.Length, file));
        Assert.Equal(file, File.ReadAllBytes(await downloader.GetAsync(Remote(true, server.Url), folder.Path)));
    }

    [Fact]
    public async Task A_part_that_is_wrong_is_dropped_and_fetched_again()
    {
        folder.Write("set.bin.part", new byte[1234]);
        using var server = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, file));
        Assert.Equal(file, File.ReadAllBytes(await downloader.GetAsync(Remote(true, server.Url), folder.Path)));
        Assert.Equal(2, server.Requests.Count);
        Assert.DoesNotContain("bytes=", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_wrong_hash_is_retried_then_refused()
    {
        byte[] other = [.. file];
        other[77] ^= 1;
        using var server = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, other));
        await Refused(Remote(true, server.Url), "SHA-256");
        Assert.Equal(3, server.Requests.Count);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Too_much_is_refused_before_it_fills_the_disk()
    {
        using var server = new LoopbackServer(async (_, _, to) =>
        {
            await LoopbackServer.Send(to, "200 OK", null, default);
            for (int i = 0; i < 1000; i++) await to.WriteAsync(file);          // 300 MB, if anybody listened
        });
        await Refused(Remote(true, server.Url), "more than the 300000 bytes");
        Assert.All(Directory.GetFiles(folder.Path), path => Assert.Equal(0, new FileInfo(path).Length));
    }

    [Theory]
    [InlineData(true, 250_000L)]
    [InlineData(true, 400_000L)]
    [InlineData(false, 250_000L)]
    [InlineData(false, 400_000L)]
    public async Task A_length_that_is_a_lie_is_refused(bool knowsLength, long claimed)
    {
        using var server = new LoopbackServer(
            (_, _, to) => LoopbackServer.Send(to, "200 OK", claimed, file.AsMemory(0, (int)Math.Min(claimed, file.Length) - 1000)));
        await Refused(Remote(knowsLength, server.Url), "attempt 3");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Another_mirror_is_asked_when_one_fails()
    {
        using var dead = new LoopbackServer((_, _, to) => LoopbackServer.Send(to, "404 Not Found", 0, default));
        using var good = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, file));
        var told = new Reports();
        Assert.Equal(file, File.ReadAllBytes(await downloader.GetAsync(Remote(true, dead.Url, good.Url), folder.Path, told)));
        Assert.Contains(told.All, report => report.Note?.Contains("404", StringComparison.Ordinal) == true);
        Assert.Single(dead.Requests);
    }

    [Fact]
    public async Task Nobody_at_home_is_reported_with_each_attempt()
    {
        string url;
        using (var gone = new LoopbackServer((_, _, _) => Task.CompletedTask)) url = gone.Url;
        await Refused(Remote(true, url), "attempt 3");
        await Refused(Remote(true, "not a url"), "attempt 1");
    }

    [Fact]
    public async Task A_mirror_that_stalls_is_left()
    {
        using var server = new LoopbackServer(async (n, request, to) =>
        {
            if (n > 0)
            {
                await LoopbackServer.SendWell(to, request, file);
                return;
            }
            await LoopbackServer.Send(to, "200 OK", file.Length, file.AsMemory(0, 5000));
            await Task.Delay(1000);
        });
        var hasty = new Downloader(new HttpClient()) { Pause = TimeSpan.Zero, StallTimeout = TimeSpan.FromMilliseconds(200) };
        Assert.Equal(file, File.ReadAllBytes(await hasty.GetAsync(Remote(true, server.Url), folder.Path)));
    }

    [Fact]
    public async Task Cancelling_leaves_no_file_under_the_name()
    {
        using var cancel = new CancellationTokenSource();
        using var server = new LoopbackServer(async (_, _, to) =>
        {
            await LoopbackServer.Send(to, "200 OK", file.Length, file.AsMemory(0, 5000));
            await cancel.CancelAsync();
            await Task.Delay(200);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => downloader.GetAsync(
            Remote(true, server.Url), folder.Path, null, cancel.Token));
        Assert.False(File.Exists(folder.File("set.bin")));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/file")]
    [InlineData("file:///etc/hostname")]
    public async Task A_redirect_to_another_scheme_is_not_followed(string target)
    {
        using var server = new LoopbackServer((_, _, to) => LoopbackServer.Send(to, "302 Found", 0, default, $"Location: {target}\r\n"));
        await Refused(Remote(true, server.Url), "attempt 3");
        await Refused(Remote(true, target), "it is no http address");
    }

    [Fact]
    public async Task A_redirect_to_another_place_is_followed()
    {
        using var good = new LoopbackServer((_, request, to) => LoopbackServer.SendWell(to, request, file));
        using var server = new LoopbackServer((_, _, to) => LoopbackServer.Send(to, "302 Found", 0, default, $"Location: {good.Url}\r\n"));
        Assert.Equal(file, File.ReadAllBytes(await downloader.GetAsync(Remote(true, server.Url), folder.Path)));
    }

    [Fact]
    public async Task A_file_without_a_known_hash_is_whole_or_begins_again()
    {
        folder.Write("set.bin.part", new byte[1234]);
        using var server = new LoopbackServer((n, request, to) => n == 0
            ? LoopbackServer.Send(to, "200 OK", file.Length, file.AsMemory(0, 100_000))
            : LoopbackServer.SendWell(to, request, file));
        RemoteFile[] files = [new("set.bin", null, null, [server.Url]), new("sub/other.bin", null, null, [server.Url])];
        await downloader.GetAllAsync(files, folder.Path);
        Assert.Equal(file, File.ReadAllBytes(folder.File("set.bin")));
        Assert.Equal(file, File.ReadAllBytes(folder.File("sub/other.bin")));
        Assert.All(server.Requests, request => Assert.DoesNotContain("bytes=", request, StringComparison.Ordinal));
        await downloader.GetAllAsync(files, folder.Path);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("../set.bin")]
    [InlineData("/tmp/set.bin")]
    [InlineData("a/../../set.bin")]
    [InlineData(".")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused(string name)
        => await Assert.ThrowsAsync<ArgumentException>(
            () => downloader.GetAsync(new RemoteFile(name, null, null, ["http://127.0.0.1/"]), folder.Path));

    [Fact]
    public void Files_of_Hugging_Face_have_an_address()
        => Assert.Equal("https://huggingface.co/owner/model/resolve/main/vocab.txt",
            RemoteFile.OnHuggingFace("owner/model", "vocab.txt").Mirrors[0]);

    private sealed class Reports : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> All { get; } = [];
        public void Report(DownloadProgress value) => All.Add(value);
    }
}
