using DeepNet.Data;
using DeepNet.Hosting.Embeddings;
using DeepNet.Hosting.Predicting;
using DeepNet.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DeepNet.Hosting;

/// <summary>Adds generators of embeddings to the services of an application.</summary>
public static class TextEmbeddingServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of texts over an encoder of BERT's kind, such as MiniLM. A predictor
    /// of the same name computes it, with its batches, health and figures.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name, by which the generator is found too; the first one also without it.</param>
    /// <param name="folder">The folder of the model, as Hugging Face has it: configuration, weights and tokenizer.</param>
    /// <param name="configure">Changes the way from a text to its vector.</param>
    /// <returns>The predictor, to warm it up.</returns>
    /// <example><code>
    /// builder.Services.AddTextEmbeddings("minilm", "models/all-MiniLM-L6-v2").WarmUp("A sentence.");
    /// </code></example>
    public static PredictorBuilder<string> AddTextEmbeddings(
        this IServiceCollection services, string name, string folder, Action<TextEmbeddingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var options = new TextEmbeddingOptions();
        configure?.Invoke(options);
        var encoder = new Lazy<TextEncoder>(() => new TextEncoder(name, folder, options));
        var builder = services.AddPredictor<string, int[], TextVector>(
            name, _ => new(_ => encoder.Value.Load(), text => encoder.Value.Tokens(text), encoder.Value.Compute), null);
        services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(name, (provider, _) => new TextEmbeddingGenerator(
            name, encoder.Value.Dimensions, provider.GetRequiredService<IOptionsMonitor<PredictorOptions>>().Get(name).MaxBatchSize,
            provider.GetRequiredKeyedService<IPredictor<string, TextVector>>(name)));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(name));
        return builder;
    }
}
