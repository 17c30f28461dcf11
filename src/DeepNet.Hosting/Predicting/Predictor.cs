using Microsoft.Extensions.Hosting;

namespace DeepNet.Hosting.Predicting;

/// <summary>A predictor as the application sees it that starts, watches and stops it.</summary>
internal abstract class Predictor(string name, PredictorOptions options)
{
    public string Name { get; } = name;

    public PredictorOptions Options { get; } = options;

    /// <summary>Gets the number of requests that wait.</summary>
    public abstract int Waiting { get; }

    /// <summary>Gets a task that ends when the model is there and warm, or with the reason why it is not.</summary>
    public abstract Task Ready { get; }

    /// <summary>Gets a value that is true until the predictor was told to stop.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>Gets the error of the last reload; null if it went well.</summary>
    public Exception? ReloadError { get; protected set; }

    public abstract Task ReloadAsync(CancellationToken cancellationToken);

    /// <summary>Refuses further requests, and waits until those that wait are computed; no longer than a token allows.</summary>
    public abstract Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>Starts a predictor before the application takes requests, and stops it after.</summary>
internal sealed class PredictorService(Func<Predictor> find) : IHostedService, IAsyncDisposable
{
    private WeightsWatch? watch;
    private Predictor? predictor;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        predictor = find();
        await predictor.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (predictor.Options.WatchInterval is { } interval) watch = new WeightsWatch(predictor, interval);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync().ConfigureAwait(false);
        if (predictor is not null) await predictor.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => watch?.DisposeAsync() ?? default;
}
