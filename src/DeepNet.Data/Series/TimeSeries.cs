namespace DeepNet.Data;

/// <summary>
/// Measurements in the order of time: steps, each with one number or several (channels). NaN is a missing measurement. Does not change.
/// </summary>
/// <example><code>
/// var load = new TimeSeries(values, ["load", "temperature"], times);       // values: step by step, channel by channel
/// var (train, test) = load.SplitByTime(test: 0.2);
/// var scaler = SeriesScaler.Fit(train);
/// var windows = new SeriesWindows(scaler.Scale(train), history: 48, horizon: 12, targets: ["load"]);
/// </code></example>
public sealed class TimeSeries
{
    private readonly ReadOnlyMemory<float> values;
    private readonly ReadOnlyMemory<DateTime> times;

    /// <summary>A series. Nothing is copied.</summary>
    /// <param name="values">The numbers, step by step and channel by channel.</param>
    /// <param name="channels">The names of the channels; one called "value" if left out.</param>
    /// <param name="times">The time of each step, ascending; empty if it is not known.</param>
    /// <param name="name">The name, by which a scale for each series finds it.</param>
    /// <param name="group">What the series belongs to, such as a patient or a shop; the name if left out.</param>
    public TimeSeries(
        ReadOnlyMemory<float> values, IReadOnlyList<string>? channels = null, ReadOnlyMemory<DateTime> times = default,
        string name = "series", string? group = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Channels = channels is null ? ["value"] : [.. channels];
        if (Channels.Count == 0 || values.Length % Channels.Count != 0)
            throw new ArgumentException($"[time_series] {values.Length} numbers are no whole steps of {Channels.Count} channels.");
        if (Channels.Distinct(StringComparer.Ordinal).Count() != Channels.Count)
            throw new ArgumentException($"[time_series] two channels have one name: {string.Join(", ", Channels)}.");
        if (!times.IsEmpty && times.Length != values.Length / Channels.Count)
            throw new ArgumentException($"[time_series] {values.Length / Channels.Count} steps have {times.Length} times.");
        for (int i = 1; i < times.Length; i++)
            if (times.Span[i] <= times.Span[i - 1])
                throw new ArgumentException(
                    $"[time_series] step {i} of {name} is at {times.Span[i]:s}, and step {i - 1} at {times.Span[i - 1]:s}: times "
                        + "must ascend. Sort the steps, and take one of those that are there twice.");
        (this.values, this.times, Name, Group) = (values, times, name, group ?? name);
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets what the series belongs to.</summary>
    public string Group { get; }

    /// <summary>Gets the names of the channels.</summary>
    public IReadOnlyList<string> Channels { get; }

    /// <summary>Gets the number of steps.</summary>
    public int Steps => values.Length / Channels.Count;

    /// <summary>Gets the numbers, step by step and channel by channel.</summary>
    public ReadOnlySpan<float> Values => values.Span;

    /// <summary>Gets the time of each step; empty if it is not known.</summary>
    public ReadOnlySpan<DateTime> Times => times.Span;

    /// <summary>Gets some of the steps. Nothing is copied.</summary>
    public TimeSeries Slice(int start, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(steps, Steps - start);
        return new(values.Slice(start * Channels.Count, steps * Channels.Count), Channels,
            times.IsEmpty ? times : times.Slice(start, steps), Name, Group);
    }

    /// <summary>Gets the place of a channel.</summary>
    public int Channel(string name)
    {
        for (int c = 0; c < Channels.Count; c++)
            if (Channels[c] == name) return c;
        throw new ArgumentException($"[time_series] {Name} has no channel '{name}'; it has {string.Join(", ", Channels)}.", nameof(name));
    }

    /// <summary>The same series with further channels: sine and cosine of the time of the day, the week or the year.</summary>
    public TimeSeries WithCalendar(CalendarCycles cycles)
    {
        if (times.IsEmpty) throw new InvalidOperationException($"[time_series] {Name} has no times, which a calendar needs.");
        var chosen = Cycle.Of(cycles);
        int old = Channels.Count, count = old + 2 * chosen.Length;
        var wider = new float[checked(Steps * count)];
        for (int i = 0; i < Steps; i++)
        {
            var step = wider.AsSpan(i * count, count);
            Values.Slice(i * old, old).CopyTo(step);
            for (int c = 0; c < chosen.Length; c++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * chosen[c].Phase(times.Span[i]));
                (step[old + 2 * c], step[old + 2 * c + 1]) = ((float)sin, (float)cos);
            }
        }
        string[] names = [.. Channels, .. chosen.SelectMany(cycle => new[] { $"{cycle.Name} sine", $"{cycle.Name} cosine" })];
        return new(wider, names, times, Name, Group);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Steps} steps of {string.Join(", ", Channels)})";
}
