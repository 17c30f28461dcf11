using System.Net;
using System.Net.Sockets;
using System.Text;
using DeepNet.Labs.Running;

namespace DeepNet.Labs.Tests;

public sealed class PageServerTests : IDisposable
{
    private readonly string above = Directory.CreateTempSubdirectory().FullName;
    private readonly string folder;

    public PageServerTests()
    {
        folder = Path.Combine(above, "labs");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(folder + "-other");
        File.WriteAllText(Path.Combine(folder, "index.html"), "<p>the page");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "secret");
        File.WriteAllText(Path.Combine(above, "secret.html"), "secret");
        File.WriteAllText(Path.Combine(folder + "-other", "secret.html"), "secret");
    }

    public void Dispose() => Directory.Delete(above, recursive: true);

    [Fact]
    public async Task Serves_the_page_until_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        using var server = new PageServer(folder);
        var running = server.RunAsync(source.Token);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(server.Url);
        Assert.Equal("<p>the page", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync(server.Url, new StringContent(""))).StatusCode);
        await source.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("/../secret.html")]
    [InlineData("/%2e%2e/secret.html")]
    [InlineData("/..%2fsecret.html")]
    [InlineData("/..%5csecret.html")]
    [InlineData("/../labs-other/secret.html")]
    [InlineData("//etc/hostname.html")]
    [InlineData("/notes.txt")]
    [InlineData("/none.html")]
    public async Task Gives_nothing_else(string address)
    {
        using var source = new CancellationTokenSource();
        using var server = new PageServer(folder);
        var running = server.RunAsync(source.Token);
        string answer = await Ask(server.Port, address, $"127.0.0.1:{server.Port}");
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
        await source.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Answers_for_no_other_host()
    {
        using var source = new CancellationTokenSource();
        using var server = new PageServer(folder);
        var running = server.RunAsync(source.Token);
        Assert.DoesNotContain("the page", await Ask(server.Port, "/", "elsewhere.example"), StringComparison.Ordinal);
        Assert.Contains("the page", await Ask(server.Port, "/", $"localhost:{server.Port}"), StringComparison.Ordinal);
        await source.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        using var first = new PageServer(folder);
        Assert.Contains("--port", Assert.Throws<IOException>(() => new PageServer(folder, first.Port)).Message, StringComparison.Ordinal);
    }

    /// <summary>Sends a request as it stands, which clients would tidy up.</summary>
    private static async Task<string> Ask(int port, string address, string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {address} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
