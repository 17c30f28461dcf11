using System.Net;
using System.Text.Json;
using DeepNet.Data;
using DeepNet.Hosting.Live;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Hosting.Tests.Live;

/// <summary>Tests of pages, one after the other: those of a process share a server.</summary>
[CollectionDefinition(Name)]
public sealed class LivePages
{
    public const string Name = "live page";
}

/// <summary>A small problem to train: three blobs, 120 examples in batches of 16.</summary>
internal static class Blobs
{
    public const int Batches = 8;

    public static DataLoader Train() => new(Data(5), 16, shuffle: true, seed: 3);

    public static DataLoader Validation() => new(Data(6), 50);

    public static Trainer Trainer(params Callback[] callbacks)
    {
        Generator.SetSeed(11);
        var model = new Sequential(new Linear(2, 16, activation: new Relu()), new Dropout(0.2), new Linear(16, 3));
        return new Trainer(model, new Adam(model.Parameters(), learningRate: 0.02), (a, b) => Loss.CrossEntropy(a, b))
        {
            Metrics = [new Accuracy()], Callbacks = callbacks, Seed = 7, Progress = ProgressStyle.None,
        };
    }

    public static float[] Weights(Trainer trainer) => [.. trainer.Model.State().Values.SelectMany(t => t.ToArray())];

    private static TensorDataset Data(ulong seed)
    {
        var generator = new Generator(seed);
        var y = Tensor.RandInt(0, 3, new Shape(120), generator: generator);
        var centres = Tensor.From<float>(2, 0, -1, 1.7f, -1, -1.7f).Reshape(3, 2);
        return new TensorDataset(centres.IndexSelect(0, y) + Tensor.Randn(new Shape(120, 2), generator: generator), y);
    }
}

/// <summary>A callback that holds a run after a step until it is let go, or ends it by an error.</summary>
internal sealed class Hold(long step) : Callback
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously), going = new();

    public override string Name => $"hold{step}";

    public Task Reached => reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public Exception? Error { get; init; }

    public void Go() => going.TrySetResult();

    protected override int Order => -1;

    protected override void OnStepEnd(Trainer trainer, in StepRecord record)
    {
        if (record.Step != step) return;
        reached.TrySetResult();
        going.Task.Wait(TimeSpan.FromSeconds(60));
        if (Error is not null) throw Error;
    }
}

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Advance(TimeSpan time) => now += time.Ticks;
}

/// <summary>The server-sent events of a page.</summary>
internal sealed class Events : IDisposable
{
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private StreamReader reader = null!;

    /// <summary>Gets the id of the last event.</summary>
    public string Id { get; private set; } = "";

    public static async Task<Events> OpenAsync(Uri address)
        => await TryOpenAsync(address) ?? throw new InvalidOperationException("There are too many streams.");

    /// <summary>Returns null where the server has enough of them.</summary>
    public static async Task<Events?> TryOpenAsync(Uri address)
    {
        var events = new Events();
        var response = await events.client.GetAsync(new Uri(address, "/events"), HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable) return null;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        events.reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return events;
    }

    /// <summary>Returns the next news; null at the goodbye of the server, or the end.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        JsonElement? found = null;
        bool isBye = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == "event: bye") isBye = true;
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) found = JsonDocument.Parse(line[6..]).RootElement;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) Id = line[4..];
            else if (line.Length == 0 && isBye) return null;
            else if (line.Length == 0 && found is not null) return found;
        }
        return null;
    }

    /// <summary>Returns the first news of a run for which something holds, from now on.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> holds)
    {
        while (await NextAsync() is { } news)
            foreach (var run in news.GetProperty("runs").EnumerateArray())
                if (holds(run)) return run;
        throw new InvalidOperationException("The events ended before.");
    }

    public void Dispose()
    {
        reader?.Dispose();
        client.Dispose();
    }
}

/// <summary>Tests the answers of a page over HTTP.</summary>
internal static class Ask
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(60) };

    public static string Token(Uri address) => address.Fragment["#token=".Length..];

    public static async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string path, string? token = null,
        string? host = null)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path));
        if (token is not null) request.Headers.Add(LiveServer.TokenHeader, token);
        if (host is not null) request.Headers.Host = host;
        return await Client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PostAsync(Uri address, string path)
        => SendAsync(HttpMethod.Post, address, path, Token(address));
}
