using DeepNet.Data.Download;
using Spectre.Console;
using Digits = DeepNet.Data.Mnist;

namespace DeepNet.Samples.Mnist;

/// <summary>Fetches MNIST with a bar on a terminal, and a line for each file elsewhere.</summary>
internal static class Download
{
    // A network that is there answers in less, and has the 11 MB here in a minute; one that is not is no reason to wait.
    private static readonly TimeSpan ForAnAnswer = TimeSpan.FromSeconds(3), InAll = TimeSpan.FromMinutes(1);

    /// <summary>Tries once, and gives up soon.</summary>
    public static async Task<bool> TryQuicklyAsync(string folder)
    {
        using var patience = new CancellationTokenSource(ForAnAnswer);
        bool isAnswered = false;
        try
        {
            await ShownAsync(folder, new Downloader { Attempts = 1, StallTimeout = TimeSpan.FromSeconds(10) }, progress =>
            {
                if (progress.Received == 0 || isAnswered) return;
                isAnswered = true;
                patience.CancelAfter(InAll);
            }, patience.Token);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Tries as long as there is hope, and tells what went wrong.</summary>
    public static async Task<bool> TryAsync(string folder)
    {
        try
        {
            await ShownAsync(folder, new Downloader(), _ => { }, default);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Mnist: {e.Message}\nWithout a network: --data digits, or --data FOLDER.");
            return false;
        }
    }

    private static async Task ShownAsync(
        string folder, Downloader downloader, Action<DownloadProgress> also, CancellationToken cancellation)
    {
        if (Console.IsOutputRedirected)
        {
            var named = new HashSet<string>();
            await Digits.DownloadAsync(folder, progress: new Reporter(p =>
            {
                also(p);
                if (p.Received > 0 && named.Add(p.Name)) Console.WriteLine($"downloading {p.Name}");
            }), downloader: downloader, cancellation: cancellation);
            return;
        }
        await AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new RemainingTimeColumn())
                .StartAsync(async bars =>
        {
            var tasks = new Dictionary<string, ProgressTask>();
            await Digits.DownloadAsync(folder, progress: new Reporter(p =>
            {
                also(p);
                if (!tasks.TryGetValue(p.Name, out var task)) tasks[p.Name] = task = bars.AddTask(p.Name, maxValue: p.Total ?? 1);
                task.Value = p.Received;
            }), downloader: downloader, cancellation: cancellation);
        });
    }

    // At once and in order, which Progress<T> does not promise.
    private sealed class Reporter(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
