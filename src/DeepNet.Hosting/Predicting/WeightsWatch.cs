namespace DeepNet.Hosting.Predicting;

/// <summary>
/// Reloads a predictor's weights when their file changes. Looks at it again and again: notices of file systems are lost on network drives
/// and where a container's file is exchanged as a link.
/// </summary>
internal sealed class WeightsWatch : IAsyncDisposable
{
    private readonly Predictor predictor;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;
    private (DateTime Written, long Bytes) seen;

    public WeightsWatch(Predictor predictor, TimeSpan interval)
    {
        this.predictor = predictor;
        seen = Look();
        watching = WatchAsync(interval);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task WatchAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
            {
                var now = Look();
                if (now == seen || now == default) continue;        // a file that is gone for a moment is being exchanged
                seen = now;
                await ReloadAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The application ends.
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            await predictor.ReloadAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Logged and counted where it happened. A file that is being written is read again when it has changed.
        }
    }

    private (DateTime Written, long Bytes) Look()
    {
        string path = predictor.Options.WeightsPath!;
        try
        {
            var files = Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : [new FileInfo(path)];
            files = [.. files.Select(f => (FileInfo?)f.ResolveLinkTarget(returnFinalTarget: true) ?? f).Where(f => f.Exists)];
            return files.Length == 0 ? default : (files.Max(f => f.LastWriteTimeUtc), files.Sum(f => f.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
