using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.Logs;

public class EventFileTests
{
    private static readonly float[] Spread = [-3, -1e-13f, 0, 1e-13f, 0.5f, 0.5f, 1000, float.NaN, float.PositiveInfinity];

    [Fact]
    public void The_checksum_is_the_one_of_the_specification()
    {
        // CRC-32C of nine digits is e3069283; masked as the format says.
        Assert.Equal(unchecked((0xe3069283u >> 15 | 0xe3069283u << 17) + 0xa282ead8u), EventReader.Masked("123456789"u8.ToArray()));
    }

    [Fact]
    public void A_file_begins_with_its_version_and_is_named_so_that_readers_find_it()
    {
        using var folder = new Folder();
        using var writer = new EventFileWriter(folder["run/a"], new Clock());
        Assert.StartsWith("events.out.tfevents.1700000000.", Path.GetFileName(writer.Path), StringComparison.Ordinal);
        var first = EventReader.Read(writer.Path).Single();       // there before anything else is written
        Assert.Equal("brain.Event:2", first.Text(3));
        Assert.Equal(1_700_000_000.25, first.Double(1));
    }

    [Fact]
    public void Scalars_are_read_back_and_are_there_after_a_flush()
    {
        using var folder = new Folder();
        using var writer = new EventFileWriter(folder.Path);
        writer.Scalar("train/loss", 0.1, 1);
        writer.Scalar("größe", double.NaN, long.MaxValue);
        writer.Scalar("x", -1e300, -5);
        writer.Flush();
        var events = EventReader.Read(writer.Path)[1..];          // not disposed: as if the process had died here
        Assert.Equal([1, long.MaxValue, -5], events.Select(e => e.Int(2)));
        var values = events.ConvertAll(e => e.Inner(5).Inner(1));
        Assert.Equal(["train/loss", "größe", "x"], values.Select(v => v.Text(1)));
        Assert.Equal([0.1f, float.NaN, float.NegativeInfinity], values.Select(v => v.Float(2)));
    }

    [Fact]
    public void Without_a_flush_events_wait_no_longer_than_they_should()
    {
        using var folder = new Folder();
        var clock = new Clock();
        using var writer = new EventFileWriter(folder.Path, clock) { FlushEvery = TimeSpan.FromSeconds(5) };
        writer.Scalar("a", 1, 1);
        Assert.Single(EventReader.Read(writer.Path));
        clock.Now += TimeSpan.FromSeconds(6);
        writer.Scalar("a", 2, 2);
        Assert.Equal(3, EventReader.Read(writer.Path).Count);
    }

    [Fact]
    public void Histograms_count_every_finite_number_in_its_bucket()
    {
        using var folder = new Folder();
        using var writer = new EventFileWriter(folder.Path);
        writer.Histogram("w", Spread, 3);
        writer.Histogram("t", Tensor.Zeros(4, 5), 3);
        writer.Histogram("none", [], 3);
        writer.Flush();
        var histograms = EventReader.Read(writer.Path)[1..].ConvertAll(e => e.Inner(5).Inner(1).Inner(5));
        var h = histograms[0];
        Assert.Equal((-3.0, 1000.0, 7.0), (h.Double(1), h.Double(2), h.Double(3)));
        Assert.Equal(998.0, h.Double(4), 1e-9);
        Assert.Equal(1_000_009.5, h.Double(5), 1e-6);
        double[] ends = h.Doubles(6), counts = h.Doubles(7);
        Assert.Equal(ends.Length, counts.Length);
        Assert.Equal(ends.Order(), ends);
        for (int i = 1; i < ends.Length; i++) Assert.Equal(Spread.Count(v => v >= ends[i - 1] && v < ends[i]), counts[i]);
        Assert.Equal(7, counts.Sum());
        Assert.Equal(20, histograms[1].Doubles(7).Sum());
        Assert.Equal(0.0, histograms[2].Double(3));
    }

    [Fact]
    public void Images_and_texts_are_read_back()
    {
        using var folder = new Folder();
        using var writer = new EventFileWriter(folder.Path);
        writer.Images("digits", Tensor.Ones(2, 1, 3, 4), 7);
        writer.Text("note", "**so** & so", 8);
        writer.Restart(9);
        writer.Dispose();
        var events = EventReader.Read(writer.Path)[1..];
        var images = events[0].Inner(5).All(1).ToArray();
        Assert.Equal(["digits/0", "digits/1"], images.Select(i => i.Text(1)));
        var image = images[1].Inner(4);
        Assert.Equal((3L, 4L, 1L), (image.Int(1), image.Int(2), image.Int(3)));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], image.Bytes(4)[..4]);
        var text = events[1].Inner(5).Inner(1);
        Assert.Equal("text", text.Inner(9).Inner(1).Text(1));
        Assert.Equal("**so** & so", text.Inner(8).Text(8));
        Assert.Equal(7, text.Inner(8).Int(1));
        Assert.Equal(1, text.Inner(8).Inner(2).Inner(2).Int(1));
        Assert.Equal((9L, 1L), (events[2].Int(2), events[2].Inner(7).Int(1)));
        Assert.Throws<ObjectDisposedException>(() => writer.Scalar("late", 1, 1));
        writer.Flush();       // harmless
    }

    [Fact]
    public void Events_of_many_threads_are_all_whole()
    {
        using var folder = new Folder();
        using var writer = new EventFileWriter(folder.Path);
        Parallel.For(0, 8, t =>
        {
            for (int i = 0; i < 100; i++) writer.Scalar($"thread {t}", i, i);
        });
        writer.Flush();
        Assert.Equal(801, EventReader.Read(writer.Path).Count);
    }

    [Fact]
    public void A_run_is_written_epoch_by_epoch_and_goes_on_where_its_checkpoint_was()
    {
        using var folder = new Folder();
        var seen = new List<int>();
        var board = new TensorBoard(folder["tb"]) { EverySteps = 4, HistogramsEvery = 8 };
        // What an epoch wrote is in the file before the next one begins.
        var watch = new Probe { Epoch = (_, _) => seen.Add(EventReader.Read(Directory.GetFiles(folder["tb"]).Single()).Count) };
        var trainer = Small.Trainer(Small.Model(), board, watch, new Checkpoints(folder["run"]));
        trainer.Fit(Small.Train(), Small.Validation(), epochs: 2);
        Assert.True(seen.Count == 2 && seen[0] > 10 && seen[1] > seen[0]);
        Assert.Null(board.Writer);

        var events = EventReader.Read(Directory.GetFiles(folder["tb"]).Single());
        var values = events.Where(e => e.Has(5)).SelectMany(e => e.Inner(5).All(1).Select(v => (Step: e.Has(2) ? e.Int(2) : 0, Value: v)))
            .ToArray();
        string[] tags = [.. values.Select(v => v.Value.Text(1)).Distinct()];
        foreach (string tag in (string[])["run", "step/loss", "step/learning_rate", "train/loss", "train/accuracy", "validation/loss",
            "validation/accuracy", "epoch/seconds", "weights/fc1/weight", "gradients/fc1/weight"])
            Assert.Contains(tag, tags);
        var losses = values.Where(v => v.Value.Text(1) == "validation/loss").ToArray();
        Assert.Equal([8, 16], losses.Select(l => l.Step));
        Assert.Equal(trainer.History["val_loss"].Select(l => (float)l), losses.Select(l => l.Value.Float(2)));
        Assert.Equal([4, 8, 12, 16], values.Where(v => v.Value.Text(1) == "step/loss").Select(v => v.Step));

        var again = Small.Trainer(Small.Model(), new TensorBoard(folder["tb"]), new Checkpoints(folder["run"]));
        Assert.True(again.Resume(folder["run"]));
        again.Fit(Small.Train(), Small.Validation(), epochs: 3);
        var second = EventReader.Read(Directory.GetFiles(folder["tb"]).Order().Last());
        Assert.Equal((17L, 1L), (second[1].Int(2), second[1].Inner(7).Int(1)));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.25);

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
