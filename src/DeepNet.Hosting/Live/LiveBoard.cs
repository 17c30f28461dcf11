using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace DeepNet.Hosting.Live;

/// <summary>
/// The runs of a page. Training threads put news into a queue and go on; one task takes them in, and each browser asks for what came after
/// the version that it has. A browser that is slow asks later and gets more at once: nobody waits for it and nothing piles up for it.
/// </summary>
internal sealed class LiveBoard
{
    private const int MostRuns = 24;                // of which those that ended first are forgotten

    private readonly Lock gate = new();
    private readonly List<LiveRun> runs = [];
    private readonly Channel<(LiveRun Run, LiveUpdate Update)> news
        = Channel.CreateUnbounded<(LiveRun, LiveUpdate)>(new() { SingleReader = true });
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long version, posted, taken;
    private int lastNumber;

    public LiveBoard() => _ = Task.Run(TakeInAsync);

    /// <summary>Gets the name by which a browser that connects again knows that its version is one of this board.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>Gets the version of the last change.</summary>
    public long Version
    {
        get
        {
            lock (gate) return version;
        }
    }

    /// <summary>Gets the number of updates that were posted.</summary>
    public long Posted => Interlocked.Read(ref posted);

    /// <summary>Adds a run; its name gets its number if another run has it.</summary>
    public LiveRun Add(string name, RunFacts facts)
    {
        lock (gate)
        {
            if (runs.Count >= MostRuns && runs.Find(r => r.End != Training.TrainingEnd.Running) is { } old) runs.Remove(old);
            lastNumber++;
            string given = runs.Exists(r => r.Name == name) ? string.Create(CultureInfo.InvariantCulture, $"{name} {lastNumber}") : name;
            var run = new LiveRun(lastNumber, given, facts);
            runs.Add(run);
            Changed(run);
            return run;
        }
    }

    /// <summary>Returns a run by its number; null if there is none.</summary>
    public LiveRun? Find(int number)
    {
        lock (gate) return runs.Find(r => r.Number == number);
    }

    /// <summary>Puts news into the queue.</summary>
    public void Post(LiveRun run, LiveUpdate update)
    {
        Interlocked.Increment(ref posted);
        news.Writer.TryWrite((run, update));
    }

    /// <summary>Shows a change of a run beside its figures.</summary>
    public void Touch(LiveRun run)
    {
        lock (gate) Changed(run);
    }

    /// <summary>Returns when all that was posted before has been taken in.</summary>
    public async Task DrainAsync()
    {
        long until = Posted;
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (taken >= until) return;
                next = progress.Task;
            }
            await next.ConfigureAwait(false);
        }
    }

    /// <summary>Returns when something came after a version.</summary>
    public Task ChangedAsync(long after)
    {
        lock (gate) return version > after ? Task.CompletedTask : changed.Task;
    }

    /// <summary>Writes what came after a version, and returns the version that the reader has then.</summary>
    /// <param name="to">The place for the text.</param>
    /// <param name="after">The version that the reader has; 0 for none.</param>
    public long Write(IBufferWriter<byte> to, long after)
    {
        lock (gate)
        {
            using var json = new Utf8JsonWriter(to);
            json.WriteStartObject();
            json.WriteBoolean("whole", after == 0);
            json.WriteStartArray("runs");
            foreach (var run in runs.Where(r => r.Version > after)) run.Write(json, after);
            json.WriteEndArray();
            json.WriteEndObject();
            return version;
        }
    }

    private async Task TakeInAsync()
    {
        await foreach (var (run, update) in news.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            lock (gate)
            {
                run.Apply(update, version + 1);
                Changed(run);
                taken++;
                progress.TrySetResult();
                progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Changed(LiveRun run)
    {
        run.Touch(++version);
        changed.TrySetResult();
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
