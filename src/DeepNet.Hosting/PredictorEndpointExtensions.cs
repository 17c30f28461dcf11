using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using DeepNet.Hosting.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DeepNet.Hosting;

/// <summary>Makes predictors and checks of hosts a part of a web application.</summary>
public static class PredictorEndpointExtensions
{
    /// <summary>
    /// Answers POST requests whose body is an input, as JSON, with the predictor's output. Safe to bind to a network: the host asked for,
    /// the type and the size of the body are checked, and a full queue is answered with 429.
    /// </summary>
    /// <typeparam name="TIn">The type of an input.</typeparam>
    /// <typeparam name="TOut">The type of an output.</typeparam>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path.</param>
    /// <param name="name">The name of the predictor; the first of its types if left out.</param>
    /// <param name="configure">Changes the limits.</param>
    /// <remarks>
    /// Types are read and written as the application's options of JSON say, those made by the compiler included; mistakes are answered with
    /// a problem of RFC 9457. Who may ask is for <c>RequireAuthorization</c> on the result.
    /// </remarks>
    /// <example><code>
    /// app.MapPredictor&lt;float[], int&gt;("/predict");
    /// </code></example>
    public static IEndpointConventionBuilder MapPredictor<TIn, TOut>(this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern, string? name = null, Action<PredictorEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var options = new PredictorEndpointOptions();
        configure?.Invoke(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRequestBytes, nameof(PredictorEndpointOptions.MaxRequestBytes));
        var json = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var predictor = name is null
            ? services.GetRequiredService<IPredictor<TIn, TOut>>()
            : services.GetRequiredKeyedService<IPredictor<TIn, TOut>>(name);
        var endpoint = new PredictorEndpoint<TIn, TOut>(predictor, options, (JsonTypeInfo<TIn>)json.GetTypeInfo(typeof(TIn)),
            (JsonTypeInfo<TOut>)json.GetTypeInfo(typeof(TOut)),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("DeepNet.Hosting.Endpoint"));
        return endpoints.MapPost(pattern, (RequestDelegate)endpoint.InvokeAsync);
    }

    /// <summary>
    /// Refuses all requests for another host than this machine, by 400: those of pages elsewhere that gave their own name its address.
    /// <see cref="MapPredictor"/> does so for its endpoint.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="names">
    /// The names by which others ask for this server, besides its addresses, the names that it listens on, localhost and the machine's
    /// name.
    /// </param>
    /// <returns>The application.</returns>
    public static IApplicationBuilder UseKnownHosts(this IApplicationBuilder app, params IEnumerable<string> names)
    {
        var hosts = new HostCheck(names);
        return app.Use((context, next) => hosts.Knows(context)
            ? next(context)
            : Problem.WriteAsync(context, StatusCodes.Status400BadRequest, HostCheck.Refusal));
    }
}
