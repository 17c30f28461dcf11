using System.Net;
using DeepNet.Hosting.Live;
using DeepNet.Training;

namespace DeepNet.Hosting.Tests.Live;

[Collection(LivePages.Name)]
public sealed class LiveServerTests
{
    [Fact]
    public async Task Serves_its_files_with_headers_that_let_nothing_else_in()
    {
        using var server = new Open();
        foreach (var (path, type) in new[] { ("/", "text/html"), ("/live.js", "text/javascript"), ("/live.css", "text/css") })
        {
            var answer = await Ask.SendAsync(HttpMethod.Get, server.Address, path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.False(answer.Headers.Contains("Server"));
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal(HttpStatusCode.NotFound, (await Ask.SendAsync(HttpMethod.Get, server.Address, "/live.html")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Ask.SendAsync(HttpMethod.Get, server.Address, "/../LivePage.cs")).StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost:8080", HttpStatusCode.OK)]                   // forwarded from another machine by ssh
    [InlineData("attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.attacker.example", HttpStatusCode.Forbidden)]
    public async Task Answers_under_the_names_of_this_machine_only(string host, HttpStatusCode expected)
    {
        using var server = new Open();
        Assert.Equal(expected, (await Ask.SendAsync(HttpMethod.Get, server.Address, "/", host: host)).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/", "GET")]
    [InlineData("HEAD", "/live.js", "GET")]
    [InlineData("PUT", "/events", "GET")]
    [InlineData("GET", "/runs/1/stop", "POST")]
    [InlineData("GET", "/close", "POST")]
    public async Task Refuses_other_methods(string method, string path, string allowed)
    {
        using var server = new Open();
        var answer = await Ask.SendAsync(new HttpMethod(method), server.Address, path, Ask.Token(server.Address));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal([allowed], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Acts_only_for_those_who_have_the_token()
    {
        using var server = new Open();
        string token = Ask.Token(server.Address);
        var run = server.Server.Board.Add("a run", new RunFacts("", [], [], CanSave: true));
        string stop = $"/runs/{run.Number}/stop", save = $"/runs/{run.Number}/checkpoint";
        foreach (string? wrong in new[] { null, "", token[1..], token + "0", new string('0', token.Length) })
        {
            foreach (string path in new[] { stop, save, "/close" })
                Assert.Equal(HttpStatusCode.Forbidden, (await Ask.SendAsync(HttpMethod.Post, server.Address, path, wrong)).StatusCode);
        }
        Assert.False(run.IsStopWished);
        Assert.False(run.TakeSaveWish());
        Assert.False(server.Server.Closed.IsCompleted);

        Assert.Equal(HttpStatusCode.Accepted, (await Ask.SendAsync(HttpMethod.Post, server.Address, save, token)).StatusCode);
        Assert.True(run.TakeSaveWish());
        Assert.False(run.TakeSaveWish());
        Assert.Equal(HttpStatusCode.Accepted, (await Ask.SendAsync(HttpMethod.Post, server.Address, stop, token)).StatusCode);
        Assert.True(run.IsStopWished);
        Assert.Equal(HttpStatusCode.Accepted, (await Ask.SendAsync(HttpMethod.Post, server.Address, "/close", token)).StatusCode);
        Assert.True(server.Server.Closed.IsCompleted);
        run.Apply(new() { End = TrainingEnd.Completed }, server.Server.Board.Version);
    }

    [Fact]
    public async Task Says_that_too_many_pages_are_open()
    {
        using var server = new Open();
        var open = new List<Events>();
        while (open.Count <= 32 && await Events.TryOpenAsync(server.Address) is { } events) open.Add(events);
        Assert.InRange(open.Count, 1, 32);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Ask.SendAsync(HttpMethod.Get, server.Address, "/events")).StatusCode);
        open.ForEach(e => e.Dispose());
    }

    /// <summary>A server while a test runs.</summary>
    private sealed class Open : IDisposable
    {
        public LiveServer Server { get; } = LiveServer.Open(0);

        public Uri Address => Server.Address;

        public void Dispose() => Server.Leave();
    }
}
