using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeepNet.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Hosting.Tests.Predicting;

/// <summary>Figures and activities under the names that docs/hosting.md has.</summary>
public class TelemetryTests
{
    [Fact]
    public async Task Requests_batches_and_the_queue_are_measured()
    {
        var model = new Gate { Failure = x => x[0] == 13 ? new InvalidOperationException("no") : null };
        await using var app = await Application.StartAsync(model, o =>
        {
            (o.MaxBatchSize, o.MaxDelay, o.QueueCapacity) = (2, TimeSpan.Zero, 2);
        });
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        var seen = new ConcurrentQueue<string>();
        var names = new ConcurrentDictionary<string, bool>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name != PredictorTelemetry.MeterName || instrument.Meter.Scope != factory) return;
            names[instrument.Name] = true;
            l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => seen.Enqueue($"{i.Name} {value} {Text(tags)}"));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => seen.Enqueue($"{i.Name} {value} {Text(tags)}"));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) =>
        {
            Assert.InRange(value, 0, 1000);
            seen.Enqueue($"{i.Name} {Text(tags)}");
        });
        listener.Start();

        var first = app.Predictor.PredictAsync(1);
        await model.EnteredAsync();
        using var cancel = new CancellationTokenSource();
        var (second, third) = (app.Predictor.PredictAsync(13), app.Predictor.PredictAsync(3, cancel.Token));
        await Assert.ThrowsAsync<PredictorBusyException>(() => app.Predictor.PredictAsync(4));
        listener.RecordObservableInstruments();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        model.Open();
        await first;
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Predictor.ReloadAsync());
        await app.StopAsync();

        Assert.Equal(
            [
                "deepnet.predictor.batch.duration", "deepnet.predictor.batch.size", "deepnet.predictor.queue.length",
                "deepnet.predictor.reloads", "deepnet.predictor.request.duration", "deepnet.predictor.requests",
            ],
            names.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "deepnet.predictor.batch.duration predictor=adder", "deepnet.predictor.batch.duration predictor=adder",
                "deepnet.predictor.batch.size 1 predictor=adder", "deepnet.predictor.batch.size 1 predictor=adder",
                "deepnet.predictor.queue.length 2 predictor=adder", "deepnet.predictor.reloads 1 predictor=adder outcome=error",
                "deepnet.predictor.request.duration predictor=adder outcome=busy",
                "deepnet.predictor.request.duration predictor=adder outcome=cancelled",
                "deepnet.predictor.request.duration predictor=adder outcome=error",
                "deepnet.predictor.request.duration predictor=adder outcome=ok",
                "deepnet.predictor.requests 1 predictor=adder outcome=busy",
                "deepnet.predictor.requests 1 predictor=adder outcome=cancelled",
                "deepnet.predictor.requests 1 predictor=adder outcome=error", "deepnet.predictor.requests 1 predictor=adder outcome=ok",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_refers_to_the_requests_in_it()
    {
        using var source = new ActivitySource("test");
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is PredictorTelemetry.ActivitySourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        ActivityTraceId trace;
        var app = await Application.StartAsync(new Gate().Open(), o => (o.MaxBatchSize, o.MaxDelay) = (2, TimeSpan.FromHours(1)));
        await using (app)
        {
            using var outer = source.StartActivity("outer")!;
            trace = outer.TraceId;
            await Task.WhenAll(app.Predictor.PredictAsync(1), app.Predictor.PredictAsync(2));
        }
        var requests = ended.Where(a => a.OperationName == "predict").ToList();
        var batch = Assert.Single(ended, a => a.OperationName == "predict batch");
        Assert.Equal(2, requests.Count);
        Assert.All(requests, r => Assert.Equal(trace, r.TraceId));
        Assert.Equal(requests.Select(r => r.Context.SpanId).ToHashSet(), batch.Links.Select(l => l.Context.SpanId).ToHashSet());
        Assert.Equal([new("deepnet.predictor", "adder"), new KeyValuePair<string, object?>("deepnet.batch.size", 2)], batch.TagObjects);
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
}
