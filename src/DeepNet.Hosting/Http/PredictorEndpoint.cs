using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting.Http;

/// <summary>Reads an input as JSON, and answers with the predictor's output.</summary>
internal sealed partial class PredictorEndpoint<TIn, TOut>(
    IPredictor<TIn, TOut> predictor, PredictorEndpointOptions options, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output, ILogger log)
{
    private readonly HostCheck hosts = new(options.Hosts);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!hosts.Knows(context))
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, HostCheck.Refusal).ConfigureAwait(false);
            return;
        }
        try
        {
            var answer = await predictor.PredictAsync(await ReadAsync(context).ConfigureAwait(false), context.RequestAborted)
                .ConfigureAwait(false);
            await context.Response.WriteAsJsonAsync(answer, output, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; nobody is there to be told.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (status, detail) = Describe(e);
            if (status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "1";
            if (status == StatusCodes.Status500InternalServerError) Failed(e, context.Request.Path);
            await Problem.WriteAsync(context, status, detail).ConfigureAwait(false);
        }
    }

    private async Task<TIn> ReadAsync(HttpContext context)
    {
        // A page from elsewhere may send plain text without asking; for JSON its browser has to ask first, and gets no permission.
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException(
                "the body has to be JSON, and say so: Content-Type: application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.MaxRequestBytes;
        return await context.Request.ReadFromJsonAsync(input, context.RequestAborted).ConfigureAwait(false)
            ?? throw new BadHttpRequestException("the body is null.");
    }

    private (int Status, string Detail) Describe(Exception e) => e switch
    {
        PredictorInputException => (StatusCodes.Status400BadRequest, e.InnerException!.Message),
        JsonException => (StatusCodes.Status400BadRequest, $"the body is not the JSON that this endpoint reads: {e.Message}"),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
            => (StatusCodes.Status413PayloadTooLarge, $"the body is larger than {options.MaxRequestBytes} bytes."),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        PredictorBusyException => (StatusCodes.Status429TooManyRequests, "too many requests wait; ask again later."),
        ObjectDisposedException => (StatusCodes.Status503ServiceUnavailable, "the server is being stopped."),
        _ => (StatusCodes.Status500InternalServerError, "the server failed; its log tells more."),
    };

    [LoggerMessage(1, LogLevel.Error, "{Path} failed")]
    private partial void Failed(Exception exception, string path);
}
