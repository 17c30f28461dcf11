using System.Numerics.Tensors;
using DeepNet.Data;
using DeepNet.Hosting;

const string Weights = "digits.safetensors";
if (!File.Exists(Weights)) Network.TrainFirst(Weights);

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPredictor<float[], Answer>(
    "digits",
    model: _ => new Network(),
    input: pixels => pixels,
    output: scores => new Answer(TensorPrimitives.IndexOfMax(scores), [.. scores]),
    options =>
    {
        options.WeightsPath = Weights;
        options.WatchInterval = TimeSpan.FromSeconds(2);        // a new file takes over without a restart
    })
    .WarmUp(new float[784]);

var app = builder.Build();
app.MapHealthChecks("/health");

// 784 grey values from 0 to 1, row by row. Requests that come together are computed together.
app.MapPost("/digit", async (float[] pixels, IPredictor<float[], Answer> digits, CancellationToken cancellation) =>
{
    if (pixels.Length != 784) return Results.BadRequest($"A digit has 784 pixels, and there are {pixels.Length}.");
    try
    {
        return Results.Ok(await digits.PredictAsync(pixels, cancellation));
    }
    catch (PredictorBusyException)
    {
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }
});

// A drawn digit to try it with: curl localhost:5000/example/7 | curl localhost:5000/digit --json @-
app.MapGet("/example/{digit:range(0,9)}", (int digit) =>
{
    var drawn = SyntheticData.Digits(100, seed: 3);
    int index = Enumerable.Range(0, drawn.Count).First(i => drawn.Labels[i] == digit);
    return drawn.Image(index).ToArray().Select(p => p / 255f);
});
app.MapGet("/", () => """
    A network that reads digits.
      curl localhost:5000/example/7 | curl localhost:5000/digit --json @-
      curl localhost:5000/health
    Next: Network.cs is the network. Train one of your own (dotnet new deepnet-train), and put its weights in place of digits.safetensors.
    """);
app.Run();

/// <summary>The digit, and the score of each of the ten.</summary>
sealed record Answer(int Digit, float[] Scores);
