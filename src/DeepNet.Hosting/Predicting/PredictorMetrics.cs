using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DeepNet.Hosting.Predicting;

/// <summary>The instruments of all predictors of an application.</summary>
internal sealed class PredictorMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private readonly ConcurrentDictionary<string, Predictor> predictors = new();
    private readonly Counter<long> requests, reloads;
    private readonly Histogram<double> requestDuration, batchDuration;
    private readonly Histogram<int> batchSize;

    public PredictorMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(PredictorTelemetry.MeterName);
        requests = meter.CreateCounter<long>("deepnet.predictor.requests", "{request}", "Requests by how they ended.");
        requestDuration = meter.CreateHistogram(
            "deepnet.predictor.request.duration", "s", "Time from the call to the answer.", advice: Seconds);
        batchSize = meter.CreateHistogram("deepnet.predictor.batch.size", "{input}", "Inputs computed together.", advice:
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
        batchDuration = meter.CreateHistogram("deepnet.predictor.batch.duration", "s", "Time to compute a batch.", advice: Seconds);
        reloads = meter.CreateCounter<long>("deepnet.predictor.reloads", "{reload}", "Reloads of weights by how they ended.");
        meter.CreateObservableGauge("deepnet.predictor.queue.length", Lengths, "{request}", "Requests that wait.");
    }

    public void Observe(Predictor predictor) => predictors[predictor.Name] = predictor;

    public void Forget(Predictor predictor) => predictors.TryRemove(predictor.Name, out _);

    public void Request(string predictor, string outcome, TimeSpan time)
    {
        requests.Add(1, Predictor(predictor), Outcome(outcome));
        requestDuration.Record(time.TotalSeconds, Predictor(predictor), Outcome(outcome));
    }

    public void Batch(string predictor, int size, TimeSpan time)
    {
        batchSize.Record(size, Predictor(predictor));
        batchDuration.Record(time.TotalSeconds, Predictor(predictor));
    }

    public void Reload(string predictor, string outcome) => reloads.Add(1, Predictor(predictor), Outcome(outcome));

    private IEnumerable<Measurement<int>> Lengths()
        => predictors.Values.Select(p => new Measurement<int>(p.Waiting, Predictor(p.Name)));

    private static KeyValuePair<string, object?> Predictor(string name) => new("predictor", name);

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("outcome", outcome);
}
