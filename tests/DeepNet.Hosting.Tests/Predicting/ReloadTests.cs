using System.Collections.Concurrent;
using DeepNet.Hosting.Tests.Support;
using DeepNet.Nn;
using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Hosting.Tests.Predicting;

/// <summary>New weights while requests go on.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deepnet-hosting-").FullName;

    private string Weights => Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Save(string path, float weight) => new Gate { Weight = weight }.Save(path);

    private Task<Application> StartAsync(Action<PredictorOptions>? more = null)
        => Application.StartAsync(services => services.AddPredictor<float, float>("adder", _ => new Gate().Open(), x => x, y => y[0], o =>
        {
            o.WeightsPath = Weights;
            o.MaxDelay = TimeSpan.Zero;
            more?.Invoke(o);
        }).WarmUp(0));

    [Fact]
    public async Task No_request_is_lost_or_gets_a_mixture_and_later_ones_get_the_new_weights()
    {
        Save(Weights, 0);
        await using var app = await StartAsync(o => o.MaxBatchSize = 8);
        long live = Memory.LiveBytes;
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentQueue<(long Began, float Weight)>();
        long reloaded = 0;
        var clients = Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                long began = Interlocked.Read(ref reloaded);
                answers.Enqueue((began, await app.Predictor.PredictAsync(1000) - 1000));
            }
        })).ToArray();
        for (int weight = 1; weight <= 10; weight++)
        {
            Save(Weights, weight);
            await app.Predictor.ReloadAsync();
            Interlocked.Exchange(ref reloaded, weight);
            int before = answers.Count;
            while (answers.Count < before + 50) await Task.Yield();
        }
        await stop.CancelAsync();
        await Task.WhenAll(clients);            // none failed
        Assert.All(answers, a => Assert.True(a.Weight == (int)a.Weight && a.Weight >= a.Began && a.Weight <= 10, $"{a}"));
        Assert.Equal(Enumerable.Range(1, 10).Select(w => (float)w), answers.Select(a => a.Weight).Distinct().Where(w => w > 0).Order());
        Memory.Reclaim();
        Assert.InRange(Memory.LiveBytes, 0, live);          // old weights are gone
    }

    [Fact]
    public async Task Damaged_weights_or_those_of_another_model_leave_the_present_ones()
    {
        Save(Weights, 3);
        await using var app = await StartAsync();
        File.WriteAllText(Weights, "no weights");
        await Assert.ThrowsAsync<InvalidDataException>(() => app.Predictor.ReloadAsync());
        new Linear(2, 2).Save(Weights);
        var e = await Assert.ThrowsAsync<ArgumentException>(() => app.Predictor.ReloadAsync());
        Assert.Contains("does not fit this Gate", e.Message, StringComparison.Ordinal);
        Assert.Equal(4, await app.Predictor.PredictAsync(1));
        Assert.Contains(app.Log.Lines, line => line.StartsWith(
            "Error: Predictor adder could not reload its weights and goes on with the present ones", StringComparison.Ordinal));
        Save(Weights, 5);
        await app.Predictor.ReloadAsync();
        Assert.Equal(6, await app.Predictor.PredictAsync(1));
    }

    [Fact]
    public async Task A_file_that_changes_is_reloaded()
    {
        Save(Weights, 1);
        await using var app = await StartAsync(o => o.WatchInterval = TimeSpan.FromMilliseconds(10));
        Assert.Equal(1, await app.Predictor.PredictAsync(0));
        File.WriteAllText(Weights, "half a file");
        await Until(() => app.Log.Lines.Any(line => line.StartsWith("Error: Predictor adder could not reload", StringComparison.Ordinal)));
        File.Delete(Weights);
        Assert.Equal(1, await app.Predictor.PredictAsync(0));
        Save(Weights, 2);
        await Until(async () => await app.Predictor.PredictAsync(0) == 2);
    }

    [Fact]
    public async Task Several_reloads_at_once_go_one_after_the_other()
    {
        int made = 0;
        await using var app = await Application.StartAsync(services => services.AddPredictor<float, float>(
            "adder", _ => new Gate { Weight = Interlocked.Increment(ref made) }.Open(), x => x, y => y[0]));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.Predictor.ReloadAsync()));
        Assert.Equal(6, made);
        Assert.Equal(6, await app.Predictor.PredictAsync(0));
    }

    private static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds()) await Task.Delay(5, deadline.Token);
    }
}
