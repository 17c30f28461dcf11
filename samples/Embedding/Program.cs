using System.Globalization;
using DeepNet.Hosting;
using DeepNet.Samples;
using DeepNet.Samples.Embedding;

// A trained network inside a web application: a predictor gathers the requests of many into batches.
var line = new CommandLine("Embedding", "Serves a network that reads handwritten digits: a page to draw on, and JSON endpoints.")
    .Example("dotnet run --project samples/Embedding")
    .Example("dotnet run --project samples/Embedding -- --model runs/mnist/model.safetensors --urls http://0.0.0.0:8080")
    .Example("curl -s localhost:5080/predict --json '{\"pixels\": [0, 0, ...]}'");
var modelPath = line.Text(
    "--model", "FILE", null,
    $"the weights, as samples/Mnist saves them; if left out {Startup.Found}, or a small model that is trained now");
var urls = line.Text("--urls", "URLS", "http://127.0.0.1:5080", "where to listen, separated by semicolons; port 0 takes a free one");
var hosts = line.Text(
    "--hosts", "NAMES", null,
    "the names by which others ask for this server, separated by semicolons; its addresses, localhost and the machine's name are known");
var connections = line.Number("--connections", "N", 256, "the most connections at the same time", least: 1);
if (!line.Read(args, out int exit)) return exit;
if (Startup.WrongUrl(urls.Value!) is { } wrong) return line.Fail(wrong);

// Ctrl-C in the short training before the server is there.
using var stop = new CancellationTokenSource();
ConsoleCancelEventHandler onCancel = (_, e) => { e.Cancel = true; stop.Cancel(); };
Console.CancelKeyPress += onCancel;
(string Path, string Description) model;
try
{
    model = Startup.FindModel(modelPath.Value, Console.WriteLine, stop.Token);
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception e) when (
    e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
{
    Console.Error.WriteLine($"Embedding: {e.Message}");
    return 1;
}
Console.CancelKeyPress -= onCancel;

var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(urls.Value!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = Api.MostBytes;
    kestrel.Limits.MaxConcurrentConnections = connections.Value;
    kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
});
builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
builder.Services.AddPredictor<float[], float[]>(
    "digits", model: _ => DigitModel.Load(model.Path), input: pixels => pixels, output: probabilities => probabilities.ToArray())
    .WarmUp(new float[DigitModel.Pixels]);
var app = builder.Build();
app.UseKnownHosts(hosts.Value?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []);
new Api(app.Services.GetRequiredService<IPredictor<float[], float[]>>(), model.Description, app.Logger).Map(app);
Pages.Map(app);
app.Lifetime.ApplicationStarted.Register(() =>
{
    foreach (string url in app.Urls)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Listening on {url} – draw a digit there. Ctrl-C ends."));
});
try
{
    await app.RunAsync();
}
catch (IOException e)
{
    Console.Error.WriteLine($"Embedding: {e.Message} Is another program listening there? --urls http://127.0.0.1:0 takes a free port.");
    return 1;
}
Console.WriteLine("Stopped.");
return 0;
