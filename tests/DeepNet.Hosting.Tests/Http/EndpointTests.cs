using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DeepNet.Hosting.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting.Tests.Http;

/// <summary>A predictor over HTTP, as Kestrel serves it.</summary>
public class EndpointTests
{
    /// <summary>A web application on a free port.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private readonly WebApplication app;

        private Site(WebApplication app) => (this.app, Client) = (app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });

        public HttpClient Client { get; }

        public MemoryLog Log => app.Services.GetRequiredService<MemoryLog>();

        public int Waiting => app.Services.GetRequiredKeyedService<Hosting.Predicting.Predictor>("adder").Waiting;

        public static async Task<Site> StartAsync(Gate model, Action<PredictorOptions>? configure = null)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<MemoryLog>();
            builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<MemoryLog>());
            builder.Services.AddPredictor<float[], float[]>("adder", _ => model,
                x => x.Length == 2 ? x : throw new FormatException("give two numbers."), y => y.ToArray(), configure);
            var app = builder.Build();
            app.MapPredictor<float[], float[]>("/predict", configure: options =>
            {
                options.MaxRequestBytes = 1000;
                options.Hosts.Add("adder.example");
            });
            app.MapPredictor<float[], float[]>("/named", "adder");
            app.UseKnownHosts("adder.example");
            app.MapGet("/page", () => "a page");
            await app.StartAsync();
            return new Site(app);
        }

        public Task<HttpResponseMessage> PostAsync(string body, string path = "predict", string type = "application/json")
            => Client.PostAsync(
                new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)));

        public async Task StopAsync() => await app.StopAsync();

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await app.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("predict")]
    [InlineData("named")]
    public async Task An_input_is_answered_with_its_output(string path)
    {
        await using var site = await Site.StartAsync(new Gate { Weight = 1 }.Open());
        using var response = await site.PostAsync("[1, 2.5]", path);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        float[]? answer = await response.Content.ReadFromJsonAsync<float[]>();
        Assert.Equal([2, 3.5f], answer!);
    }

    [Theory]
    [InlineData("[1, 2, 3]", "application/json", 400, "give two numbers.")]
    [InlineData("[1, ", "application/json", 400, "not the JSON that this endpoint reads")]
    [InlineData("\"text\"", "application/json", 400, "not the JSON that this endpoint reads")]
    [InlineData("null", "application/json", 400, "null")]
    [InlineData("", "application/json", 400, "not the JSON that this endpoint reads")]
    [InlineData("[1, 2]", "text/plain", 415, "application/json")]
    public async Task A_mistake_is_answered_with_what_is_wrong(string body, string type, int status, string says)
    {
        await using var site = await Site.StartAsync(new Gate().Open());
        await CheckAsync(await site.PostAsync(body, type: type), status, says);
    }

    [Fact]
    public async Task More_than_the_limit_is_refused_whether_its_length_is_told_or_not()
    {
        await using var site = await Site.StartAsync(new Gate().Open());
        string body = $"[1, 2{new string(' ', 2000)}]";
        await CheckAsync(await site.PostAsync(body), 413, "larger than 1000 bytes");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, new Uri("predict", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        chunked.Headers.TransferEncodingChunked = true;
        await CheckAsync(await site.Client.SendAsync(chunked), 413, "larger than 1000 bytes");
    }

    [Theory]
    [InlineData("127.0.0.1", 200)]
    [InlineData("localhost:8080", 200)]
    [InlineData("adder.example", 200)]
    [InlineData("attacker.example", 400)]
    [InlineData("localhost.attacker.example", 400)]
    public async Task Other_hosts_are_not_answered_for(string host, int status)
    {
        await using var site = await Site.StartAsync(new Gate().Open());
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "predict"), (HttpMethod.Get, "page")])
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            if (method == HttpMethod.Post) request.Content = new StringContent("[1, 2]", Encoding.UTF8, "application/json");
            request.Headers.Host = host;
            using var response = await site.Client.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task A_full_queue_is_answered_with_429_and_the_rest_is_served()
    {
        var model = new Gate();
        await using var site = await Site.StartAsync(model, o => (o.MaxBatchSize, o.QueueCapacity, o.MaxDelay) = (1, 1, TimeSpan.Zero));
        var first = site.PostAsync("[1, 1]");
        await model.EnteredAsync();
        // Of two more, one waits and one is refused; which one came first only the server knows.
        var two = new List<Task<HttpResponseMessage>> { site.PostAsync("[2, 2]"), site.PostAsync("[3, 3]") };
        var refused = await Task.WhenAny(two);
        Assert.Equal(TimeSpan.FromSeconds(1), (await refused).Headers.RetryAfter!.Delta);
        await CheckAsync(await refused, 429, "ask again later");
        model.Open();
        using var answer = await first;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var other = await two.Single(t => t != refused);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task An_error_of_the_model_says_nothing_to_the_caller_and_all_to_the_log()
    {
        await using var site = await Site.StartAsync(new Gate { Failure = _ => new InvalidOperationException("a secret") }.Open());
        await CheckAsync(await site.PostAsync("[1, 2]"), 500, "the server failed; its log tells more.");
        Assert.Contains("Error: /predict failed (a secret)", site.Log.Lines);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_takes_its_request_back()
    {
        var model = new Gate();
        await using var site = await Site.StartAsync(model, o => (o.MaxBatchSize, o.QueueCapacity, o.MaxDelay) = (1, 1, TimeSpan.Zero));
        var first = site.PostAsync("[1, 1]");
        await model.EnteredAsync();
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(site.Client.BaseAddress!.Host, site.Client.BaseAddress.Port);
            await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n[2, 2]"));
            await WaitingAsync(1);
        }
        await WaitingAsync(0);
        model.Open();
        (await first).Dispose();
        Assert.DoesNotContain(model.Batches, b => b[0] == 2);
        Assert.DoesNotContain(site.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));

        async Task WaitingAsync(int count)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (site.Waiting != count) await Task.Delay(5, deadline.Token);
        }
    }

    [Fact]
    public async Task The_end_of_the_application_waits_for_requests_that_are_served()
    {
        var model = new Gate();
        await using var site = await Site.StartAsync(model);
        var first = site.PostAsync("[1, 1]");
        await model.EnteredAsync();
        var stopped = site.StopAsync();
        model.Open();
        using var answer = await first;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await stopped;
    }

    private static async Task CheckAsync(HttpResponseMessage response, int status, string says)
    {
        using (response)
        {
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal(status, (int)problem["status"]!);
            Assert.Contains(says, (string)problem["detail"]!, StringComparison.Ordinal);
        }
    }
}
