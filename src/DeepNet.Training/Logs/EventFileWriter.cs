using System.Globalization;
using System.Text;
using DeepNet.Plots;
using DeepNet.Training.Logs;

namespace DeepNet.Training;

/// <summary>Writes a file of events that TensorBoard reads: numbers, distributions, images and texts over the steps of a run.</summary>
/// <remarks>
/// <c>tensorboard --logdir FOLDER</c> shows a folder, and runs in folders below it side by side. Events are in the file after
/// <see cref="Flush"/>, at the latest <see cref="FlushEvery"/> after they were written; a process that dies later loses nothing of them.
/// All methods can be called from any thread. Where the file cannot be written, as on a full disk, a method throws an
/// <see cref="IOException"/>, the file ends with its last whole event, and those that came later wait to be tried again.
/// </remarks>
public sealed class EventFileWriter : IDisposable
{
    private const string Version = "brain.Event:2";
    private const int StringType = 7;       // DT_STRING
    private const int MostWaiting = 1 << 16;
    private const string NameStart = "events.out.tfevents.", NameMaker = ".deepnet.";

    private static int opened;

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly Action<Action> attempt;
    private readonly RecordFile file;
    private long flushedAt;
    private bool isDisposed;

    /// <summary>Begins a file in a folder, which is made if it does not exist.</summary>
    /// <param name="folder">The folder of one run.</param>
    /// <param name="clock">The clock that dates the events; the system's if left out.</param>
    public EventFileWriter(string folder, TimeProvider? clock = null) : this(folder, clock, write => write()) { }

    /// <summary>Begins a file whose later writing is attempted as the owner does, which may take errors upon itself.</summary>
    internal EventFileWriter(string folder, TimeProvider? clock, Action<Action> attempt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.clock = clock ?? TimeProvider.System;
        this.attempt = attempt;
        long latest = LatestSecond(folder);
        Follows = latest >= 0;
        // Readers take the files of a run in the order of their names, so the time comes first, and later than that of any file that is
        // there.
        long second = Math.Max(this.clock.GetUtcNow().ToUnixTimeSeconds(), latest + 1);
        int number = Interlocked.Increment(ref opened);
        string name = FormattableString.Invariant($"{NameStart}{second:D10}{NameMaker}{Environment.ProcessId}.{number}");
        Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, name));
        file = new RecordFile(Path, EventRecords.Frame(Event(null).String(3, Version).Written));
        file.Create();
        flushedAt = this.clock.GetTimestamp();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Gets whether the folder had events before.</summary>
    internal bool Follows { get; }

    /// <summary>Gets the longest time that an event waits in memory while others are written.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A number at a step; a slash in its name groups charts: <c>train/loss</c>.</summary>
    public void Scalar(string tag, double value, long step) => Summary(step, Value(tag).Float(2, (float)value));

    /// <summary>Writes a histogram of a tensor's numbers at a step.</summary>
    public void Histogram(string tag, Tensor values, long step)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        Histogram(tag, values.To(Device.Cpu).To(DType.Float32).Contiguous().ToArray<float>(), step);
    }

    /// <summary>Writes a histogram of numbers at a step. Those that are not finite are left out.</summary>
    public void Histogram(string tag, ReadOnlySpan<float> values, long step)
    {
        var buckets = HistogramBuckets.Of(values);
        Summary(
            step, Value(tag)
                .Message(5, new ProtoWriter().Double(1, buckets.Min).Double(2, buckets.Max).Double(3, buckets.Count).Double(4, buckets.Sum)
            .Double(5, buckets.SumOfSquares).Packed(6, buckets.Ends).Packed(7, buckets.Counts)));
    }

    /// <summary>
    /// Images at a step: (N, height, width), (N, 1, height, width) or (N, 3, height, width), from 0 to 1; see
    /// <see cref="HtmlReport.Images"/>.
    /// </summary>
    public void Images(string tag, Tensor images, long step)
    {
        var batch = ImageBatch.Of(images);
        var values = new List<ProtoWriter>();
        for (int i = 0; i < batch.Count; i++)
        {
            var image = new ProtoWriter().Int(1, batch.Height).Int(2, batch.Width).Int(3, batch.Channels)
                .Bytes(4, batch.ToPng(i));
            values.Add(Value(batch.Count == 1 ? tag : string.Create(CultureInfo.InvariantCulture, $"{tag}/{i}")).Message(4, image));
        }
        Summary(step, [.. values]);
    }

    /// <summary>Text at a step, as Markdown.</summary>
    public void Text(string tag, string markdown, long step)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var shape = new ProtoWriter().Message(2, new ProtoWriter().Int(1, 1));
        var tensor = new ProtoWriter().Int(1, StringType).Message(2, shape).Bytes(8, Encoding.UTF8.GetBytes(markdown));
        var metadata = new ProtoWriter().Message(1, new ProtoWriter().String(1, "text"));
        Summary(step, Value(tag).Message(8, tensor).Message(9, metadata));
    }

    /// <summary>
    /// Says that a run goes on from a step: what earlier files of the folder say of that step and later ones counts no more.
    /// </summary>
    public void Restart(long step) => Write(Event(step).Message(7, new ProtoWriter().Int(1, 1)));

    /// <summary>Puts everything into the file, where other processes see it.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (!isDisposed) Put(toDisk: false);
        }
    }

    /// <summary>The same, and waits until it is on the disk.</summary>
    internal void Sync()
    {
        lock (gate)
        {
            if (!isDisposed) Put(toDisk: true);
        }
    }

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            Put(toDisk: true);
        }
    }

    private static long LatestSecond(string folder)
    {
        long latest = -1;
        if (!Directory.Exists(folder)) return latest;
        foreach (string path in Directory.EnumerateFiles(folder, $"{NameStart}*{NameMaker}*"))
        {
            string rest = System.IO.Path.GetFileName(path)[NameStart.Length..];
            string digits = rest[..rest.IndexOf('.', StringComparison.Ordinal)];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long second))
                latest = Math.Max(latest, second);
        }
        return latest;
    }

    private static ProtoWriter Value(string tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return new ProtoWriter().String(1, tag);
    }

    private ProtoWriter Event(long? step)
    {
        var e = new ProtoWriter().Double(1, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        return step is { } s ? e.Int(2, s) : e;
    }

    private void Summary(long step, params ReadOnlySpan<ProtoWriter> values)
    {
        var summary = new ProtoWriter();
        foreach (var value in values) summary.Message(1, value);
        Write(Event(step).Message(5, summary));
    }

    private void Write(ProtoWriter message)
    {
        byte[] frame = EventRecords.Frame(message.Written);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            file.Add(frame);
            if (file.IsDue(MostWaiting) || clock.GetElapsedTime(flushedAt) >= FlushEvery) Put(toDisk: false);
        }
    }

    // Also where it fails: the next attempt is not made with every event.
    private void Put(bool toDisk)
    {
        flushedAt = clock.GetTimestamp();
        attempt(() => file.Flush(toDisk));
    }
}
