using Microsoft.Extensions.AI;

namespace DeepNet.Hosting.Embeddings;

/// <summary>Embeddings of texts by a predictor, which gathers those of many callers.</summary>
internal sealed class TextEmbeddingGenerator(string name, int dimensions, int atOnce, IPredictor<string, TextVector> predictor)
    : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata metadata = new("DeepNet", defaultModelId: name, defaultModelDimensions: dimensions);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } wanted && wanted != dimensions)
            throw new NotSupportedException($"[embeddings '{name}'] vectors have {dimensions} numbers; {wanted} were asked for.");
        string[] texts = [.. values];
        // Texts of alike lengths meet in batches, which are padded less.
        int[] order = [.. Enumerable.Range(0, texts.Length).OrderBy(i => texts[i].Length)];
        var vectors = new TextVector[texts.Length];
        await Parallel.ForEachAsync(
            order, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (i, token) => vectors[i] = await predictor.PredictAsync(texts[i], token).ConfigureAwait(false)).ConfigureAwait(false);

        long tokens = vectors.Sum(v => (long)v.Tokens);
        var made = DateTimeOffset.UtcNow;
        return new(vectors.Select(v => new Embedding<float>(v.Values) { CreatedAt = made, ModelId = name }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: the predictor belongs to the application.</summary>
    public void Dispose() { }
}
