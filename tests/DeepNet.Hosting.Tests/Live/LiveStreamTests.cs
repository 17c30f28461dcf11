using System.Text;
using System.Text.Json;
using DeepNet.Hosting.Live;
using DeepNet.Training;

namespace DeepNet.Hosting.Tests.Live;

public sealed class LiveStreamTests
{
    [Fact]
    public async Task A_browser_that_comes_back_gets_only_what_it_has_not_seen()
    {
        var (board, run) = Board();
        Post(board, run, 1);
        await board.DrainAsync();
        var first = await OnceAsync(board, 0);
        Assert.True(first.News[0].GetProperty("whole").GetBoolean());
        Assert.Equal([1], Steps(first.News[0]));
        Assert.Equal("a run", first.News[0].GetProperty("runs")[0].GetProperty("name").GetString());

        Post(board, run, 2, 3);
        await board.DrainAsync();
        long seen = LiveStream.VersionOf(board, first.Id);
        Assert.True(seen > 0);
        var second = await OnceAsync(board, seen);
        Assert.False(second.News[0].GetProperty("whole").GetBoolean());
        Assert.Equal([2, 3], Steps(second.News[0]));
        Assert.False(second.News[0].GetProperty("runs")[0].TryGetProperty("name", out _));
        Assert.Equal([1, 2, 3], Steps((await OnceAsync(board, 0)).News[0]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00000000-1")]
    [InlineData("{0}-x")]
    [InlineData("{0}--1")]
    [InlineData("{0}-999999")]
    public void An_id_of_another_process_or_of_nobody_gets_everything(string? id)
    {
        var (board, _) = Board();
        Assert.Equal(0, LiveStream.VersionOf(board, id?.Replace("{0}", board.Instance, StringComparison.Ordinal)));
        Assert.Equal(1, LiveStream.VersionOf(board, $"{board.Instance}-1"));
    }

    [Fact]
    public async Task A_browser_that_does_not_read_is_dropped_and_nobody_waits_for_it()
    {
        var (board, run) = Board();
        using var stuck = new Stuck();
        var slow = new LiveStream(board, stuck) { Patience = TimeSpan.FromMilliseconds(20) };
        Assert.False(await slow.RunAsync(0, default, default).WaitAsync(TimeSpan.FromSeconds(60)));
        for (int i = 1; i <= 100; i++) Post(board, run, i);
        await board.DrainAsync();
        Assert.Equal(100, Steps((await OnceAsync(board, 0)).News[0]).Count());
    }

    [Fact]
    public async Task What_came_while_a_browser_was_slow_is_one_event()
    {
        var (board, run) = Board();
        using var closing = new CancellationTokenSource();
        using var to = new Gated();
        var running = new LiveStream(board, to) { Between = TimeSpan.Zero }.RunAsync(0, closing.Token, default);
        await to.Waiting;
        for (int i = 1; i <= 50; i++) Post(board, run, i);
        await board.DrainAsync();
        to.Open();
        await closing.CancelAsync();
        await running;
        var news = Parse(to.ToArray()).News;
        Assert.Equal(50, news.Sum(n => Steps(n).Count()));
        Assert.True(news.Count <= 2);
    }

    [Fact]
    public void A_long_run_keeps_a_bounded_number_of_points_and_loses_no_step()
    {
        var (board, run) = Board();
        for (int i = 1; i <= 50_000; i++) run.Apply(new() { Points = [Point(i)] }, i + 1);
        var points = Write(board).GetProperty("runs")[0].GetProperty("points").EnumerateArray().ToArray();
        Assert.InRange(points.Length, 1500, 3000);
        Assert.Equal(50_000, points.Sum(p => p[2].GetInt64()));
        Assert.Equal(50_000 * 50_001.0 / 2, points.Sum(p => p[3].GetDouble() * p[2].GetInt64()), 1e-3);
        Assert.Equal(50_000, points[^1][0].GetInt64());
        Assert.Equal(1, points[0][4].GetDouble());
    }

    private static (LiveBoard Board, LiveRun Run) Board()
    {
        var board = new LiveBoard();
        return (board, board.Add("a run", new RunFacts("model", [], [], CanSave: false)));
    }

    private static LivePoint Point(long step) => new(step, step, 1, step, step, step, 0.1, double.NaN, 1, 1);

    private static void Post(LiveBoard board, LiveRun run, params long[] steps)
        => board.Post(run, new() { Points = [.. steps.Select(Point)], End = TrainingEnd.Running });

    private static IEnumerable<long> Steps(JsonElement news)
        => news.GetProperty("runs").EnumerateArray().SelectMany(r => r.GetProperty("points").EnumerateArray()).Select(p => p[0].GetInt64());

    private static JsonElement Write(LiveBoard board)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        board.Write(text, 0);
        return JsonDocument.Parse(text.WrittenMemory).RootElement;
    }

    /// <summary>The events up to the goodbye of a server that closes at once.</summary>
    private static async Task<(List<JsonElement> News, string Id)> OnceAsync(LiveBoard board, long after)
    {
        using var to = new MemoryStream();
        Assert.True(await new LiveStream(board, to).RunAsync(after, new CancellationToken(canceled: true), default));
        return Parse(to.ToArray());
    }

    private static (List<JsonElement> News, string Id) Parse(byte[] bytes)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        Assert.Contains("event: bye", lines);
        return ([.. lines.Where(l => l.StartsWith("data: {\"", StringComparison.Ordinal))
            .Select(l => JsonDocument.Parse(l[6..]).RootElement)],
            lines.Last(l => l.StartsWith("id: ", StringComparison.Ordinal))[4..]);
    }

    /// <summary>A connection whose other side reads nothing.</summary>
    private sealed class Stuck : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            => await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>A connection whose other side reads nothing until it is opened.</summary>
    private sealed class Gated : MemoryStream
    {
        private readonly TaskCompletionSource gate = new(), waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => waiting.Task;

        public void Open() => gate.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            waiting.TrySetResult();
            await gate.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
