using DeepNet.Data;
using DeepNet.Hosting.Predicting;
using DeepNet.Nn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DeepNet.Hosting;

/// <summary>Adds predictors to the services of an application.</summary>
public static class PredictorServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IPredictor{TIn, TOut}"/> that computes each input as a row of a batch, and a health check of its name. It starts
    /// with the application and stops after the last request.
    /// </summary>
    /// <typeparam name="TIn">The type of an input.</typeparam>
    /// <typeparam name="TOut">The type of an output.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">
    /// The name, in logs and figures too. A predictor is found by it (<c>[FromKeyedServices("digits")]</c>), and without it where it is the
    /// first of its types.
    /// </param>
    /// <param name="model">
    /// Makes the model, at start and again for each reload. It belongs to the predictor, which disposes of its weights.
    /// </param>
    /// <param name="input">Makes the values of an input, all of one shape and element type, on the thread of the caller.</param>
    /// <param name="output">Makes an output of a row of what the model computed.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <example><code>
    /// builder.Services.AddPredictor&lt;float[], int&gt;(
    ///     "digits",
    ///     model: _ => new Cnn(),
    ///     input: pixels => pixels,
    ///     output: scores => TensorPrimitives.IndexOfMax(scores),
    ///     options => options.WeightsPath = "digits.safetensors");
    /// </code></example>
    public static PredictorBuilder<TIn> AddPredictor<TIn, TOut>(this IServiceCollection services, string name,
        Func<IServiceProvider, Module> model, Func<TIn, TensorValue> input, Func<ReadOnlySpan<float>, TOut> output,
        Action<PredictorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        return services.AddPredictor(name, _ =>
        {
            var rows = new Rows<TIn, TOut>(input, output);
            return new ModelUse<TIn, Tensor, TOut>(model, rows.Prepare, rows.Compute);
        }, configure);
    }

    /// <summary>
    /// Adds an <see cref="IPredictor{TIn, TOut}"/> that computes whole batches by a function: for models of several inputs, and inputs of
    /// different lengths.
    /// </summary>
    /// <typeparam name="TModel">The type of the model.</typeparam>
    /// <typeparam name="TIn">The type of an input.</typeparam>
    /// <typeparam name="TOut">The type of an output.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, as with the other overload.</param>
    /// <param name="model">Makes the model, at start and again for each reload.</param>
    /// <param name="compute">
    /// Computes the outputs of some inputs, one for each in their order. It runs on one thread, within a memory scope and without
    /// gradients.
    /// </param>
    /// <param name="configure">Changes the settings.</param>
    /// <example><code>
    /// builder.Services.AddPredictor&lt;Reviews, string, float&gt;(
    ///     "stars",
    ///     model: _ => new Reviews(),
    ///     compute: (model, texts) =>
    ///     {
    ///         var (tokens, mask) = tokenizer.EncodeBatch(texts);
    ///         return model.Forward(tokens, mask).ToArray();
    ///     });
    /// </code></example>
    public static PredictorBuilder<TIn> AddPredictor<TModel, TIn, TOut>(this IServiceCollection services, string name,
        Func<IServiceProvider, TModel> model, Func<TModel, IReadOnlyList<TIn>, IReadOnlyList<TOut>> compute,
        Action<PredictorOptions>? configure = null) where TModel : Module
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(compute);
        return services.AddPredictor(
            name, _ => new ModelUse<TIn, TIn, TOut>(model, x => x, (m, rows) => compute((TModel)m.Module, rows)), configure);
    }

    internal static PredictorBuilder<TIn> AddPredictor<TIn, TRow, TOut>(this IServiceCollection services, string name,
        Func<IServiceProvider, ModelUse<TIn, TRow, TOut>> use, Action<PredictorOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (services.Any(s => s.IsKeyedService && s.ServiceType == typeof(Predictor) && Equals(s.ServiceKey, name)))
            throw new ArgumentException($"[predictor '{name}'] there is a predictor of this name already.", nameof(name));
        var builder = new PredictorBuilder<TIn>(name, services);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton<PredictorMetrics>();
        services.AddOptions<PredictorOptions>(name).Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PredictorOptions>>(new PredictorOptionsCheck(name));
        services.AddKeyedSingleton(name, (provider, _) => new BatchPredictor<TIn, TRow, TOut>(name,
            provider.GetRequiredService<IOptionsMonitor<PredictorOptions>>().Get(name), use(provider), builder.Examples, provider,
            provider.GetRequiredService<PredictorMetrics>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddKeyedSingleton<Predictor>(
            name, (provider, _) => provider.GetRequiredKeyedService<BatchPredictor<TIn, TRow, TOut>>(name));
        services.AddKeyedSingleton<IPredictor<TIn, TOut>>(
            name, (provider, _) => provider.GetRequiredKeyedService<BatchPredictor<TIn, TRow, TOut>>(name));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IPredictor<TIn, TOut>>(name));
        services.AddSingleton<IHostedService>(
            provider => new PredictorService(() => provider.GetRequiredKeyedService<Predictor>(name)));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new PredictorHealthCheck(provider.GetRequiredKeyedService<Predictor>(name)), null, ["predictor"]));
        return builder;
    }
}
