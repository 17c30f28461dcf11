#pragma warning disable CA1852, CA1859 // the scripts are written as a user writes them
using System.Net.Http.Json;
using System.Numerics.Tensors;
using DeepNet.Data;
using DeepNet.Hosting.Tests.Support;
using DeepNet.Models;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting.Tests.Documentation;

/// <summary>The scripts of docs/hosting.md, which are compiled here and run.</summary>
public sealed class HostingPage : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deepnet-page-").FullName, before = Environment.CurrentDirectory;

    private readonly string[] args = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"];

    public HostingPage() => Environment.CurrentDirectory = folder;

    public void Dispose()
    {
        Environment.CurrentDirectory = before;
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The likeliest digit is the number of its first pixel.</summary>
    private sealed class Digits : Module
    {
        private readonly Parameter weight = new(Tensor.Ones(10));

        public override Tensor Forward(Tensor x)
            => -(x.Narrow(1, 0, 1) - Tensor.Arange(0, 10, 1, DType.Float32)).Square() * weight.Value;
    }

    private sealed class Stars : Module
    {
        private readonly Nn.Embedding tokens = new(20, 1);

        public override Tensor Forward(Tensor x) => throw new NotSupportedException();

        public Tensor Forward(Tensor x, Tensor mask) => (tokens.Forward(x).Squeeze(2) * mask.To(DType.Float32)).Sum(1);
    }

    private sealed class Bar
    {
        public double Value { get; set; }
    }

    [Fact]
    public async Task A_web_service()
    {
        new Digits().Save("digits.safetensors");
        // docs: a web service
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddPredictor<float[], int>(
            "digits",
            model: _ => new Digits(),
            input: pixels => pixels,
            output: scores => TensorPrimitives.IndexOfMax(scores),
            options => options.WeightsPath = "digits.safetensors")
            .WarmUp(new float[784]);

        var app = builder.Build();
        app.MapPredictor<float[], int>("/predict");
        app.MapHealthChecks("/health");
        // docs: end
        await using (app)
        {
            // docs: asking a predictor
            app.MapPost("/double-check", async (float[] pixels, IPredictor<float[], int> predictor, CancellationToken cancellation) =>
            {
                int digit = await predictor.PredictAsync(pixels, cancellation);
                return digit < 5 ? "small" : "large";
            });
            // docs: end
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            float[] image = new float[784];
            image[0] = 7;
            Assert.Equal(7, await (await client.PostAsJsonAsync("predict", image)).Content.ReadFromJsonAsync<int>());
            Assert.Equal("large", await (await client.PostAsJsonAsync("double-check", image)).Content.ReadAsStringAsync());
            Assert.Equal("Healthy", await client.GetStringAsync(new Uri("health", UriKind.Relative)));
            var predictor = app.Services.GetRequiredService<IPredictor<float[], int>>();
            // docs: new weights
            await predictor.ReloadAsync();
            // docs: end
        }
    }

    [Fact]
    public async Task Limits_of_an_endpoint()
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddPredictor<float[], int>("digits", _ => new Digits(), x => x, y => TensorPrimitives.IndexOfMax(y));
        await using var app = builder.Build();
        // docs: limits of an endpoint
        app.UseKnownHosts("digits.example.com");
        app.MapPredictor<float[], int>("/predict", configure: options =>
        {
            options.MaxRequestBytes = 100_000;
            options.Hosts.Add("digits.example.com");
        });
        // docs: end
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Host = "digits.example.com";
        Assert.Equal(3, await (await client.PostAsJsonAsync("predict", (float[])[3, 0])).Content.ReadFromJsonAsync<int>());
    }

    [Fact]
    public async Task Whole_batches()
    {
        var builder = WebApplication.CreateBuilder(args);
        var tokenizer = new WordVocabulary(["good", "bad"]);
        // docs: whole batches
        builder.Services.AddPredictor<Stars, string, float>(
            "stars",
            model: _ => new Stars(),
            compute: (model, reviews) =>
            {
                var (tokens, mask) = tokenizer.EncodeBatch(reviews);
                return model.Forward(tokens, mask).ToArray();
            });
        // docs: end
        await using var app = builder.Build();
        await app.StartAsync();
        var predictor = app.Services.GetRequiredService<IPredictor<string, float>>();
        float[] stars = await Task.WhenAll(predictor.PredictAsync("good"), predictor.PredictAsync("good good"));
        Assert.NotEqual(stars[0], stars[1]);
    }

    [Fact]
    public async Task Embeddings()
    {
        string[] words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "cat", "dog", "sat", "lay", "on", "mat", "rug", "."];
        string model = Directory.CreateDirectory("models/all-MiniLM-L6-v2").FullName;
        new Bert(new BertConfig(words.Length, 16, 1, 2, 32), new Generator(1)).SavePretrained(model);
        File.WriteAllLines(Path.Combine(model, "vocab.txt"), words);
        var builder = WebApplication.CreateBuilder(args);
        // docs: embeddings
        builder.Services.AddTextEmbeddings("minilm", "models/all-MiniLM-L6-v2", options => options.MaxTokens = 256).WarmUp("A sentence.");
        // docs: end
        await using var app = builder.Build();
        await app.StartAsync();
        var generator = app.Services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        // docs: embeddings of texts
        var vectors = await generator.GenerateAsync(["A cat sat on a mat.", "A dog lay on a rug."]);
        float likeness = TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[1].Vector.Span);
        // docs: end
        Assert.InRange(likeness, -1, 1);
    }

    [Fact]
    public async Task Training_from_an_application()
    {
        var (model, logger, bar) = (new Linear(2, 1), new MemoryLog(), new Bar());
        var train = new DataLoader(new TensorDataset(Tensor.Ones(8, 2), Tensor.Ones(8, 1)), 4);
        DataLoader? validation = null;
        using var cancellation = new CancellationTokenSource();
        // docs: a run in the log
        var trainer = new Trainer(model, new Adam(model.Parameters()), Loss.Mse)
        {
            Callbacks = [new LoggerCallback(logger), new Checkpoints("runs/nightly")],
            Progress = ProgressStyle.None,
            HandleSignals = false,              // the host has its own
        };
        // docs: end
        // docs: FitAsync
        var progress = new Progress<TrainingProgress>(p => bar.Value = p.Fraction);
        var history = await trainer.FitAsync(train, validation, epochs: 20, progress, cancellation.Token);
        // docs: end
        Assert.Equal(20, history.Epochs.Count);
        Assert.Equal(22, logger.Lines.Count);
        Assert.True(Directory.Exists("runs/nightly"));
    }
}
