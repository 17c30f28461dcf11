using DeepNet.Data;
using DeepNet.Hosting.Tests.Support;
using DeepNet.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Hosting.Tests.Embeddings;

/// <summary>Embeddings of texts by a small encoder of MiniLM's kind, in a folder as Hugging Face has it.</summary>
public sealed class TextEmbeddingTests : IDisposable
{
    private const int Dimension = 16, MostTokens = 10;

    private static readonly string[] vocabulary
        = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "cat", "dog", "##s", "sat", "the", "on", "mat", "."];

    private readonly string folder = Directory.CreateTempSubdirectory("deepnet-embeddings-").FullName;

    public TextEmbeddingTests()
    {
        new Bert(new BertConfig(vocabulary.Length, Dimension, 2, 4, 32) { ContextLength = MostTokens }, new Generator(1))
            .SavePretrained(folder);
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), vocabulary);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<Application> StartAsync(Action<TextEmbeddingOptions>? configure = null)
        => Application.StartAsync(services =>
        {
            services.AddTextEmbeddings("small", folder, configure).WarmUp("the cat sat");
            services.Configure<PredictorOptions>("small", o => o.MaxBatchSize = 4);
        });

    private float[] Expected(string text, Pooling pooling = Pooling.Mean, bool normalize = true, int? most = null)
    {
        var model = Bert.FromPretrained(folder);
        model.Eval();
        var (tokens, mask) = PretrainedTokenizer.Load(folder).EncodeBatch([text], most ?? MostTokens);
        return model.Encode(tokens, mask, pooling, normalize).Reshape(Dimension).ToArray();
    }

    private static void Near(float[] expected, ReadOnlyMemory<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual.Span[i], 1e-5f);
    }

    [Fact]
    public async Task Texts_get_the_vectors_of_the_encoder_in_their_order()
    {
        await using var app = await StartAsync();
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        string[] texts = [.. Enumerable.Range(0, 30).Select(i => string.Join(' ', Enumerable.Repeat("cats", i % 6)) + " the mat.")];
        var embeddings = await generator.GenerateAsync(texts);
        Assert.Equal(30, embeddings.Count);
        for (int i = 0; i < texts.Length; i++) Near(Expected(texts[i]), embeddings[i].Vector);
        Assert.Equal("small", embeddings[0].ModelId);
        // [CLS] the mat . [SEP], and cat ##s as often as said.
        Assert.Equal(texts.Select((_, i) => Math.Min(MostTokens, 5 + 2 * (i % 6))).Sum(), embeddings.Usage!.InputTokenCount);
        Assert.Equal(1, Math.Sqrt(embeddings[3].Vector.ToArray().Sum(v => (double)v * v)), 1e-5);
        Assert.Empty(await generator.GenerateAsync([]));
    }

    [Fact]
    public async Task Settings_choose_pooling_length_and_the_number_of_tokens()
    {
        await using var app = await StartAsync(o => (o.Pooling, o.Normalize, o.MaxTokens) = (Pooling.First, false, 4));
        var generator = app.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("small");
        Near(Expected("the cat sat on the mat", Pooling.First, false, 4), await generator.GenerateVectorAsync("the cat sat on the mat"));
    }

    [Fact]
    public async Task Metadata_tells_the_model_and_its_dimension()
    {
        await using var app = await StartAsync();
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("DeepNet", "small", Dimension),
            (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Null(generator.GetService(typeof(string)));
        await generator.GenerateAsync(["a"], new() { Dimensions = Dimension });
        var e = await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 8 }));
        Assert.Equal("[embeddings 'small'] vectors have 16 numbers; 8 were asked for.", e.Message);
    }

    [Fact]
    public async Task Mistakes_are_told_at_the_start()
    {
        var e = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(o => o.MaxTokens = 100));
        Assert.Contains("MaxTokens is 100; the model in", e.Message, StringComparison.Ordinal);
        File.AppendAllText(Path.Combine(folder, "vocab.txt"), "more\n");
        Assert.Contains("they do not belong together", (await Assert.ThrowsAsync<InvalidDataException>(() => StartAsync())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_ends_it()
    {
        await using var app = await StartAsync();
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => generator.GenerateAsync(["a", "b"], cancellationToken: new CancellationToken(canceled: true)));
    }
}
