using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DeepNet.Hosting;

namespace DeepNet.Samples.Embedding;

/// <summary>The endpoints: <c>POST /predict</c>, <c>POST /predict/batch</c>, <c>GET /health</c>.</summary>
internal sealed class Api(IPredictor<float[], float[]> predictor, string model, ILogger logger)
{
    public const long MostBytes = 4 << 20;

    private const int MostImages = 256, MostSide = 1024;

    private readonly Stopwatch uptime = Stopwatch.StartNew();
    private long predictions;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/predict", Guarded(PredictAsync));
        app.MapPost("/predict/batch", Guarded(PredictBatchAsync));
        app.MapGet(
            "/health", Guarded(
                context => WriteAsync(
                    context, new Health("ok", model, Interlocked.Read(ref predictions), uptime.Elapsed.TotalSeconds),
                    Json.Default.Health)));
    }

    private async Task PredictAsync(HttpContext context)
    {
        var request = await ReadAsync(context, Json.Default.PredictRequest);
        float[] pixels = Checked(request.Pixels, "pixels");
        bool isDrawing = request.Width is not null || request.Height is not null;
        float[] image = isDrawing ? Prepared(pixels, request) : Sized(pixels, "pixels");
        float[] probabilities = await predictor.PredictAsync(image, context.RequestAborted);
        Interlocked.Increment(ref predictions);
        await WriteAsync(
            context, new Prediction(TensorPrimitives.IndexOfMax<float>(probabilities), probabilities, isDrawing ? image : null),
            Json.Default.Prediction);
    }

    private async Task PredictBatchAsync(HttpContext context)
    {
        var request = await ReadAsync(context, Json.Default.BatchRequest);
        if (request.Images is not { Length: > 0 } images)
            throw new BadRequestException("'images' is missing or empty; it is a list of images, each a list of 784 numbers.");
        if (images.Length > MostImages)
            throw new BadRequestException($"{images.Length} images are too many for one request; {MostImages} is the most.");
        float[][] pixels = images.Select((image, i) =>
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"images[{i}]");
            return Sized(Checked(image, name), name);
        }).ToArray();
        float[][] rows = await Task.WhenAll(pixels.Select(p => predictor.PredictAsync(p, context.RequestAborted)));
        Interlocked.Add(ref predictions, images.Length);
        Prediction[] answers = [.. rows.Select(row => new Prediction(TensorPrimitives.IndexOfMax<float>(row), row))];
        await WriteAsync(context, new BatchPrediction(answers), Json.Default.BatchPrediction);
    }

    private static float[] Prepared(float[] pixels, PredictRequest request)
    {
        if (request is not { Width: { } width, Height: { } height })
            throw new BadRequestException("a drawing needs both 'width' and 'height'; leave both out for an image of 28×28.");
        if (width is < 1 or > MostSide || height is < 1 or > MostSide)
            throw new BadRequestException($"a drawing of {width}×{height} cannot be read; each side is from 1 to {MostSide}.");
        if (pixels.Length != width * height)
            throw new BadRequestException($"'pixels' has {pixels.Length} numbers, and a drawing of {width}×{height} has {width * height}.");
        float[] image = Drawing.Prepare(pixels, width, height);
        return image.AsSpan().ContainsAnyExcept(0f)
            ? image
            : throw new BadRequestException("nothing is drawn: all pixels are 0, which is paper; ink is 1.");
    }

    private static float[] Sized(float[] pixels, string name) => pixels.Length == DigitModel.Pixels
        ? pixels
        : throw new BadRequestException(
            $"'{name}' has {pixels.Length} numbers; an image of 28×28 has {DigitModel.Pixels}. Give 'width' and 'height' to /predict for "
                + "a drawing of another size.");

    private static float[] Checked(float[]? pixels, string name)
    {
        if (pixels is null)
            throw new BadRequestException($"'{name}' is missing; it is a list of numbers from 0 (paper) to 1 (ink), row by row.");
        foreach (float p in pixels)
            if (!(p is >= 0 and <= 1))
                throw new BadRequestException(
                    string.Create(
                        CultureInfo.InvariantCulture, $"'{name}' holds {p}; pixels are from 0 (paper) to 1 (ink). Divide bytes by 255."));
        return pixels;
    }

    /// <summary>Turns mistakes of the caller into status 400 (413 for too much, 429 for too many) and one clear sentence.</summary>
    private RequestDelegate Guarded(Func<HttpContext, Task> handle) => async context =>
    {
        try
        {
            await handle(context);
        }
        catch (BadRequestException e)
        {
            await FailAsync(context, e.Status, e.Message);
        }
        catch (JsonException e)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, $"the body is not the JSON that this endpoint reads: {e.Message}");
        }
        catch (BadHttpRequestException e)
        {
            await FailAsync(
                context, e.StatusCode,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is larger than {MostBytes} bytes." : e.Message);
        }
        catch (PredictorBusyException)
        {
            context.Response.Headers.RetryAfter = "1";
            await FailAsync(context, StatusCodes.Status429TooManyRequests, "too many requests wait; ask again later.");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; nobody is there to be told.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Log.Failed(logger, context.Request.Path, e);
            await FailAsync(context, StatusCodes.Status500InternalServerError, "the server failed; its log tells more.");
        }
    };

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        // A page from elsewhere may send plain text without asking; for JSON its browser has to ask first, and gets no permission.
        if (!context.Request.HasJsonContentType())
            throw new BadRequestException(
                "the body has to be JSON, and say so: Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new BadRequestException("the body is null; it has to be an object.");
        }
        catch (IOException e) when (e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadRequestException($"the body cannot be read: {e.Message}");
        }
    }

    public static Task FailAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new Problem(error), Json.Default.Problem);
    }

    private static Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }
}
