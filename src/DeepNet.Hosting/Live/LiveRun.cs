using System.Text.Json;
using DeepNet.Training;

namespace DeepNet.Hosting.Live;

/// <summary>Represents what a live page knows of a run. Used under the lock of its <see cref="LiveBoard"/>.</summary>
internal sealed class LiveRun(int number, string name, RunFacts facts)
{
    private const int MostPoints = 3000, MostEpochs = 4000, MostSpreads = 120;
    private const int StopWish = 1, SaveWish = 2;

    private readonly Thinned<LivePoint> points = new(MostPoints, LivePoint.Merge);
    private readonly Thinned<EpochRecord> epochs = new(MostEpochs, (_, later) => later);
    private readonly Dictionary<(string Kind, string Name), Layer> layers = [];
    private IReadOnlyList<LiveCard> cards = [];
    private Diagnosis? diagnosis;
    private long cardsVersion, diagnosisVersion, firstVersion;
    private StepRecord step;
    private int epochsToReach;
    private string? reason, saved;
    private int wishes;

    /// <summary>Gets the number by which the page names it.</summary>
    public int Number => number;

    /// <summary>Gets the name that people read.</summary>
    public string Name => name;

    /// <summary>Gets the version of the last change.</summary>
    public long Version { get; private set; }

    /// <summary>Gets the way in which it ended.</summary>
    public TrainingEnd End { get; private set; }

    /// <summary>Gets a value that is true if it has a <see cref="Checkpoints"/> that can be asked.</summary>
    public bool CanSave => facts.CanSave;

    /// <summary>Asks it to stop; the training thread hears of it after its present step.</summary>
    public void WishStop() => Interlocked.Or(ref wishes, StopWish);

    /// <summary>Asks it for a checkpoint.</summary>
    public void WishSave() => Interlocked.Or(ref wishes, SaveWish);

    /// <summary>Gets a value that is true if the run was asked to stop.</summary>
    public bool IsStopWished => (Volatile.Read(ref wishes) & StopWish) != 0;

    /// <summary>Takes the wish for a checkpoint; true if there was one.</summary>
    public bool TakeSaveWish()
        => (Volatile.Read(ref wishes) & SaveWish) != 0 && (Interlocked.And(ref wishes, ~SaveWish) & SaveWish) != 0;

    /// <summary>Forgets wishes of a run that has ended.</summary>
    public void ForgetWishes() => Volatile.Write(ref wishes, 0);

    /// <summary>Marks a change that is none of figures, such as a wish.</summary>
    public void Touch(long version)
    {
        if (firstVersion == 0) firstVersion = version;
        Version = version;
    }

    /// <summary>Takes in news.</summary>
    public void Apply(LiveUpdate update, long version)
    {
        Touch(version);
        if (update.Step is { } last) step = last;
        foreach (var point in update.Points) points.Add(version, point);
        foreach (var epoch in update.Epochs) epochs.Add(version, epoch);
        foreach (var sample in update.Layers)
        {
            if (!layers.TryGetValue((sample.Kind, sample.Name), out var layer))
                layers[(sample.Kind, sample.Name)] = layer = new Layer();
            layer.Latest = Spread.Of(sample.Values);
            layer.Version = version;
            layer.Spreads.Add(version, (sample.Step, layer.Latest));
        }
        if (update.Cards is not null) (cards, cardsVersion) = (update.Cards, version);
        if (update.Diagnosis is not null) (diagnosis, diagnosisVersion) = (update.Diagnosis, version);
        if (update.End is { } end) (End, reason) = (end, update.Reason);
        epochsToReach = update.EpochsToReach ?? epochsToReach;
        saved = update.Saved ?? saved;
    }

    /// <summary>Writes what came after a version.</summary>
    public void Write(Utf8JsonWriter json, long after)
    {
        json.WriteStartObject();
        json.WriteNumber("run", number);
        json.WriteString("state", End.ToString());
        json.WriteString("reason", reason);
        json.WriteString("saved", saved);
        json.WriteBoolean("stopping", End == TrainingEnd.Running && IsStopWished);
        json.WriteNumber("step", step.Step);
        json.WriteNumber("epoch", step.Epoch);
        json.WriteNumber("batch", step.Batch);
        json.WriteNumber("batches", step.Batches);
        json.WriteNumber("epochsToReach", epochsToReach);
        if (firstVersion > after) WriteFacts(json);
        WriteRows(json, "points", points.After(after), WritePoint);
        WriteRows(json, "epochs", epochs.After(after), WriteEpoch);
        WriteRows(json, "layers", layers.Where(l => l.Value.Version > after), (w, l) => WriteLayer(w, l.Key, l.Value, after));
        if (cardsVersion > after) WriteRows(json, "cards", cards, WriteCard);
        if (diagnosisVersion > after) WriteDiagnosis(json, diagnosis!);
        json.WriteEndObject();
    }

    private void WriteFacts(Utf8JsonWriter json)
    {
        json.WriteString("name", name);
        json.WriteString("model", facts.Model);
        json.WriteBoolean("canSave", facts.CanSave);
        WriteRows(json, "higher", facts.HigherIsBetter, (w, name) => w.WriteStringValue(name));
        WriteRows(json, "settings", facts.Settings, WriteRow);
    }

    private static void WriteRow(Utf8JsonWriter json, string[] cells)
    {
        json.WriteStartArray();
        foreach (string cell in cells) json.WriteStringValue(cell);
        json.WriteEndArray();
    }

    private static void WritePoint(Utf8JsonWriter json, LivePoint point)
    {
        json.WriteStartArray();
        json.WriteNumberValue(point.Step);
        foreach (double value in (ReadOnlySpan<double>)
            [point.Time, point.Steps, point.Loss, point.Least, point.Most, point.Rate, point.GradientNorm, point.PerSecond, point.Bytes])
            WriteNumber(json, value);
        json.WriteEndArray();
    }

    private static void WriteEpoch(Utf8JsonWriter json, EpochRecord epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteNumber("step", epoch.Step);
        json.WritePropertyName("seconds");
        WriteNumber(json, epoch.Seconds);
        json.WritePropertyName("rate");
        WriteNumber(json, epoch.LearningRate);
        json.WriteStartObject("values");
        foreach (var (key, value) in epoch.Values)
        {
            json.WritePropertyName(key);
            WriteNumber(json, value);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, (string Kind, string Name) key, Layer layer, long after)
    {
        var latest = layer.Latest!;
        json.WriteStartObject();
        json.WriteString("kind", key.Kind);
        json.WriteString("name", key.Name);
        json.WritePropertyName("low");
        WriteNumber(json, latest.Low);
        json.WritePropertyName("high");
        WriteNumber(json, latest.High);
        json.WriteNumber("zeros", latest.Zeros);
        json.WriteNumber("notFinite", latest.NotFinite);
        WriteRows(json, "counts", latest.Counts, (w, count) => WriteNumber(w, Math.Round(count, 5)));
        WriteRows(json, "quantiles", layer.Spreads.After(after), (w, spread) =>
        {
            w.WriteStartArray();
            w.WriteNumberValue(spread.Step);
            foreach (double quantile in spread.Spread.Quantiles) WriteNumber(w, quantile);
            w.WriteEndArray();
        });
        json.WriteEndObject();
    }

    private static void WriteCard(Utf8JsonWriter json, LiveCard card)
    {
        json.WriteStartObject();
        json.WriteString("title", card.Title);
        json.WriteString("text", card.Text);
        if (card.IsRight is { } isRight) json.WriteBoolean("right", isRight);
        json.WriteString("image", card.Image);
        json.WriteEndObject();
    }

    private static void WriteDiagnosis(Utf8JsonWriter json, Diagnosis diagnosis)
    {
        json.WriteStartObject("diagnosis");
        json.WriteString("branch", diagnosis.Branch.ToString());
        json.WriteString("summary", diagnosis.Summary);
        WriteRows(json, "evidence", diagnosis.Evidence, (w, text) => w.WriteStringValue(text));
        WriteRows(json, "advice", diagnosis.Advice, (w, text) => w.WriteStringValue(text));
        json.WriteEndObject();
    }

    private static void WriteRows<T>(Utf8JsonWriter json, string name, IEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows) write(json, row);
        json.WriteEndArray();
    }

    // A script reads null as a gap in a curve; JSON has no number for those that are not finite.
    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteNullValue();
    }

    private sealed class Layer
    {
        public Thinned<(long Step, Spread Spread)> Spreads { get; } = new(MostSpreads, (_, later) => later);
        public Spread? Latest { get; set; }
        public long Version { get; set; }
    }
}

/// <summary>Represents what does not change in a run.</summary>
/// <param name="Model">A summary of the model.</param>
/// <param name="Settings">The settings of the run, each a name and a value.</param>
/// <param name="HigherIsBetter">The figures that are to rise.</param>
/// <param name="CanSave">True if it has a <see cref="Checkpoints"/>.</param>
internal sealed record RunFacts(
    string Model, IReadOnlyList<string[]> Settings, IReadOnlyList<string> HigherIsBetter, bool CanSave);
