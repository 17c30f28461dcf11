using System.Buffers;
using System.Globalization;
using System.Text;

namespace DeepNet.Hosting.Live;

/// <summary>Sends a board to one browser as server-sent events, a few times a second at most.</summary>
/// <param name="board">The board.</param>
/// <param name="to">The response.</param>
internal sealed class LiveStream(LiveBoard board, Stream to)
{
    private static readonly byte[] Beat = ": \n\n"u8.ToArray(), Bye = "event: bye\ndata: {}\n\n"u8.ToArray(),
        Retry = "retry: 2000\n\n"u8.ToArray();

    private long seen = -1;

    /// <summary>Gets the shortest time between two events.</summary>
    public TimeSpan Between { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets the time without news after which a line is sent that shows whether the browser is still there.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the longest time that the browser may take to accept an event.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the version that the browser has.</summary>
    public long Seen => Interlocked.Read(ref seen);

    /// <summary>Returns the version in the id of the last event that a browser had; 0 if it is none of this board.</summary>
    public static long VersionOf(LiveBoard board, string? lastEventId)
        => lastEventId is not null && lastEventId.StartsWith($"{board.Instance}-", StringComparison.Ordinal)
            && long.TryParse(lastEventId.AsSpan(board.Instance.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long v)
            && v <= board.Version ? v : 0;

    /// <summary>Sends until the browser leaves, is too slow, or the server closes.</summary>
    /// <param name="after">The version that the browser has.</param>
    /// <param name="closing">The server closes: the browser gets the rest and a goodbye.</param>
    /// <param name="gone">The browser has left.</param>
    /// <returns>False if the browser was too slow.</returns>
    public async Task<bool> RunAsync(long after, CancellationToken closing, CancellationToken gone)
    {
        try
        {
            await WriteAsync(Retry).ConfigureAwait(false);
            long has = await SendAsync(after).ConfigureAwait(false);
            while (!closing.IsCancellationRequested)
            {
                await Task.Delay(Between, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var news = board.ChangedAsync(has);
                await news.WaitAsync(Silence, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (news.IsCompleted) has = await SendAsync(has).ConfigureAwait(false);
                else if (!closing.IsCancellationRequested) await WriteAsync(Beat).ConfigureAwait(false);
            }
            if (board.Version > has) await SendAsync(has).ConfigureAwait(false);
            await WriteAsync(Bye).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && gone.IsCancellationRequested))
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        async Task<long> SendAsync(long since)
        {
            var text = new ArrayBufferWriter<byte>();
            text.Write("data: "u8);
            long now = board.Write(text, since);
            text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\nid: {board.Instance}-{now}\n\n")));
            await WriteAsync(text.WrittenMemory).ConfigureAwait(false);
            Interlocked.Exchange(ref seen, now);
            return now;
        }

        async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
            patience.CancelAfter(Patience);
            await to.WriteAsync(bytes, patience.Token).ConfigureAwait(false);
            await to.FlushAsync(patience.Token).ConfigureAwait(false);
        }
    }
}
