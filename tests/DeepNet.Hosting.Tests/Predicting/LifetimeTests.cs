using DeepNet.Hosting.Tests.Support;
using DeepNet.Nn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace DeepNet.Hosting.Tests.Predicting;

/// <summary>Start and end of predictors, their names, settings and health.</summary>
public class LifetimeTests
{
    private static void OneByOne(PredictorOptions options) => (options.MaxBatchSize, options.MaxDelay) = (1, TimeSpan.Zero);

    [Fact]
    public async Task The_model_is_warm_before_the_application_takes_requests()
    {
        var model = new Gate().Open();
        await using var app = await Application.StartAsync(
            services => services.AddPredictor<float, float>("adder", _ => model, x => x, y => y[0], o => o.MaxBatchSize = 3).WarmUp(9));
        Assert.Equal([[9], [9, 9, 9]], model.Batches);
        Assert.Contains(app.Log.Lines, line => line.StartsWith("Information: Predictor adder is ready after", StringComparison.Ordinal)
            && line.EndsWith("Gate with 1 parameters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Those_that_wait_at_the_end_are_answered_and_later_ones_refused()
    {
        var model = new Gate();
        await using var app = await Application.StartAsync(model, OneByOne);
        var predictor = app.Predictor;
        var first = predictor.PredictAsync(1);
        await model.EnteredAsync();
        Task<float>[] waiting = [predictor.PredictAsync(2), predictor.PredictAsync(3)];
        var stopped = app.StopAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Later(predictor));
        Assert.False(stopped.IsCompleted);
        model.Open();
        float[] answers = [await first, .. await Task.WhenAll(waiting)];
        Assert.Equal([1, 2, 3], answers);
        await stopped;
        Assert.Contains("Information: Predictor adder has stopped", app.Log.Lines);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.ReloadAsync());
    }

    // The application stops its services one by one.
    private static async Task Later(IPredictor<float, float> predictor)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var short1 = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            var asked = predictor.PredictAsync(4, short1.Token);
            await Task.WhenAny(asked, Task.Delay(5));
            if (asked.IsFaulted) await asked;
            await short1.CancelAsync();
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task An_end_that_may_not_wait_fails_those_that_wait()
    {
        var model = new Gate();
        await using var app = await Application.StartAsync(model, OneByOne);
        var (first, second) = (app.Predictor.PredictAsync(1), app.Predictor.PredictAsync(2));
        await model.EnteredAsync();
        await app.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        var e = await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        Assert.Contains("the application ends", e.Message, StringComparison.Ordinal);
        model.Open();
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task Disposal_answers_what_is_computed_and_fails_what_waits()
    {
        var model = new Gate();
        var services = new ServiceCollection();
        services.AddPredictor<float, float>("adder", _ => model, x => x, y => y[0], OneByOne);
        var provider = services.BuildServiceProvider();
        var predictor = provider.GetRequiredService<IPredictor<float, float>>();        // no host: it starts by itself
        var (first, second) = (predictor.PredictAsync(1), predictor.PredictAsync(2));
        await model.EnteredAsync();
        var disposed = provider.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => second);
        model.Open();
        Assert.Equal(1, await first);
        await disposed;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => predictor.PredictAsync(3));
    }

    [Fact]
    public async Task A_model_that_cannot_be_made_stops_the_start_and_reaches_who_asks()
    {
        await using var app = Application.Build(services => services.AddPredictor<float, float>(
            "adder", _ => throw new FileNotFoundException("no weights"), x => x, y => y[0]));
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => app.Predictor.PredictAsync(1));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Application.StartAsync(services => services.AddPredictor<float, float>(
            "adder", _ => throw new FileNotFoundException("no weights"), x => x, y => y[0])));
        health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal((HealthStatus.Unhealthy, "the model could not be made"),
            (health.Entries["adder"].Status, health.Entries["adder"].Description));
    }

    [Fact]
    public async Task Health_follows_the_predictor()
    {
        var model = new Gate();
        await using var app = await Application.StartAsync(model, o =>
        {
            OneByOne(o);
            o.QueueCapacity = 1;
        });
        Assert.Equal((HealthStatus.Healthy, "0 of 1 requests wait"), await Health());
        var first = app.Predictor.PredictAsync(1);
        await model.EnteredAsync();
        var second = app.Predictor.PredictAsync(2);
        Assert.Equal((HealthStatus.Degraded, "1 of 1 requests wait"), await Health());
        model.Open();
        await Task.WhenAll(first, second);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Predictor.ReloadAsync());     // the function gives the same model
        Assert.Equal((HealthStatus.Degraded, "the last reload of the weights failed"), await Health());
        await app.StopAsync();
        Assert.Equal((HealthStatus.Unhealthy, "the predictor has stopped"), await Health());

        async Task<(HealthStatus, string?)> Health()
        {
            var entry = (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["adder"];
            return (entry.Status, entry.Description);
        }
    }

    [Fact]
    public async Task Predictors_are_found_by_name_and_the_first_of_its_types_without()
    {
        await using var app = await Application.StartAsync(services =>
        {
            services.AddPredictor<float, float>("one", _ => new Gate { Weight = 1 }.Open(), x => x, y => y[0]);
            services.AddPredictor<float, float>("two", _ => new Gate { Weight = 2 }.Open(), x => x, y => y[0]);
        });
        Assert.Equal(1, await app.Predictor.PredictAsync(0));
        Assert.Equal(1, await app.Services.GetRequiredKeyedService<IPredictor<float, float>>("one").PredictAsync(0));
        Assert.Equal(2, await app.Services.GetRequiredKeyedService<IPredictor<float, float>>("two").PredictAsync(0));
        var e = Assert.Throws<ArgumentException>(() => new ServiceCollection()
            .AddPredictor<float, float>("one", _ => new Gate(), x => x, y => y[0]).Services
            .AddPredictor<int, int>("one", _ => new Gate(), x => x, _ => 0));
        Assert.Contains("[predictor 'one'] there is a predictor of this name already", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_stop_the_start_with_all_that_is_wrong()
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => Application.StartAsync(new Gate(), o =>
        {
            o.MaxBatchSize = 0;
            o.MaxDelay = TimeSpan.FromMilliseconds(-1);
            o.QueueCapacity = -1;
            o.WatchInterval = TimeSpan.FromSeconds(1);
        }));
        Assert.Equal(
            [
                "[predictor 'adder'] MaxBatchSize is 0; it is 1 or more.",
                "[predictor 'adder'] MaxDelay is -00:00:00.0010000; it is from 0 to an hour.",
                "[predictor 'adder'] QueueCapacity is -1; a batch of MaxBatchSize 0 has to fit.",
                "[predictor 'adder'] WatchInterval is set and WeightsPath is not: there is nothing to watch.",
            ],
            e.Failures);
    }

    [Fact]
    public async Task Settings_by_name_change_those_of_the_code()
    {
        var model = new Gate().Open();
        await using var app = await Application.StartAsync(services =>
        {
            services.AddPredictor<float, float>("adder", _ => model, x => x, y => y[0], o => o.MaxBatchSize = 5).WarmUp(0);
            services.Configure<PredictorOptions>("adder", o => o.MaxBatchSize = 2);
        });
        Assert.Equal([1, 2], model.Batches.Select(b => b.Length));
    }
}
