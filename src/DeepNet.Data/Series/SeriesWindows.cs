namespace DeepNet.Data;

/// <summary>
/// Windows over one series or many, to forecast from what was: x is float32 (history, channels), y float32 (horizon, targets), the steps
/// that follow. No window reaches from one series into another, and one with a missing measurement is left out.
/// </summary>
public sealed class SeriesWindows : IDataset
{
    private readonly TimeSeries[] series;
    private readonly (int Series, int Start)[] places;
    private readonly int[] targets, known;
    private readonly int channels;

    /// <summary>Windows over one series.</summary>
    /// <inheritdoc cref="SeriesWindows(IReadOnlyList{TimeSeries}, int, int, IReadOnlyList{string}, IReadOnlyList{string}, int)"/>
    public SeriesWindows(
        TimeSeries series, int history, int horizon, IReadOnlyList<string>? targets = null, IReadOnlyList<string>? known = null,
        int stride = 1) : this([series], history, horizon, targets, known, stride)
    {
    }

    /// <summary>Windows over several series, which have the same channels.</summary>
    /// <param name="series">The series: one part of a split, scaled.</param>
    /// <param name="history">The number of steps that the model sees.</param>
    /// <param name="horizon">The number of steps that it forecasts.</param>
    /// <param name="targets">The channels to forecast; all if left out.</param>
    /// <param name="known">
    /// Channels that are known in advance, such as a calendar or a price. With them, x is (history + horizon, channels): the steps of the
    /// horizon have the known channels, and 0 in the others.
    /// </param>
    /// <param name="stride">The distance from one window to the next.</param>
    public SeriesWindows(
        IReadOnlyList<TimeSeries> series, int history, int horizon, IReadOnlyList<string>? targets = null,
        IReadOnlyList<string>? known = null, int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(history, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (series.Count == 0) throw new ArgumentException("[series_windows] there is no series.", nameof(series));
        foreach (var one in series) CheckChannels(one, series[0].Channels);
        this.series = [.. series];
        (History, Horizon, channels) = (history, horizon, series[0].Channels.Count);
        Targets = targets is null ? series[0].Channels : [.. targets];
        this.targets = [.. Targets.Select(series[0].Channel)];
        this.known = [.. (known ?? []).Select(series[0].Channel)];
        if (this.targets.Length == 0) throw new ArgumentException("[series_windows] there is no channel to forecast.", nameof(targets));
        if (this.targets.Intersect(this.known).Any())
            throw new ArgumentException("[series_windows] a channel cannot be forecast and known in advance at once.", nameof(known));
        places = [.. Enumerable.Range(0, series.Count).SelectMany(i => Whole(i, stride))];
        if (places.Length == 0)
            throw new ArgumentException(
                $"[series_windows] no series has {history + horizon} steps in a row without a missing measurement: the longest has "
                    + $"{series.Max(one => one.Steps)} steps. Use a shorter history or horizon.", nameof(series));
    }

    /// <summary>Gets the number of steps that the model sees.</summary>
    public int History { get; }

    /// <summary>Gets the number of steps that it forecasts.</summary>
    public int Horizon { get; }

    /// <summary>Gets the channels to forecast.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <inheritdoc/>
    public int Count => places.Length;

    /// <summary>
    /// Gets the series of a window and the step at which the window begins; its horizon begins <see cref="History"/> later.
    /// </summary>
    public (TimeSeries Series, int Start) Place(int index)
    {
        Places.Check(this, index);
        return (series[places[index].Series], places[index].Start);
    }

    /// <inheritdoc/>
    public Sample this[int index] => Places.Example(this, index);

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        int steps = known.Length > 0 ? History + Horizon : History;
        var (x, y) = (Tensor.Zeros(indices.Length, steps, channels), Tensor.Zeros(indices.Length, Horizon, targets.Length));
        using var inputs = x.Lease<float>();
        using var outputs = y.Lease<float>();
        for (int i = 0; i < indices.Length; i++)
        {
            var (from, start) = places[indices[i]];
            var window = series[from].Values.Slice(start * channels, (History + Horizon) * channels);
            var input = inputs.Span.Slice(i * steps * channels, steps * channels);
            window[..(History * channels)].CopyTo(input);
            Pick(window, known, History, steps, input, History * channels, channels);
            Pick(window, targets, History, History + Horizon, outputs.Span, i * Horizon * targets.Length, targets.Length);
        }
        return new Batch(x, y);

        // Known channels keep their places in a step; targets lie side by side.
        void Pick(ReadOnlySpan<float> window, int[] chosen, int begin, int end, Span<float> to, int at, int width)
        {
            for (int step = begin; step < end; step++, at += width)
                for (int c = 0; c < chosen.Length; c++)
                    to[at + (ReferenceEquals(chosen, known) ? chosen[c] : c)] = window[step * channels + chosen[c]];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"SeriesWindows({Count} of {History} + {Horizon} steps, {series.Length} series)";

    internal static void CheckChannels(TimeSeries one, IReadOnlyList<string> channels)
    {
        if (!one.Channels.SequenceEqual(channels))
            throw new ArgumentException(
                $"[series] {one.Name} has the channels {string.Join(", ", one.Channels)}, and the others {string.Join(", ", channels)}: "
                    + "all must have the same.");
    }

    private IEnumerable<(int Series, int Start)> Whole(int index, int stride)
    {
        var one = series[index];
        int steps = History + Horizon, lastMissing = -1, read = 0;
        for (int start = 0; start + steps <= one.Steps; start += stride)
        {
            for (; read < start + steps; read++)
                if (IsMissing(one.Values.Slice(read * channels, channels))) lastMissing = read;
            if (lastMissing < start) yield return (index, start);
        }
    }

    private static bool IsMissing(ReadOnlySpan<float> step)
    {
        foreach (float value in step)
            if (float.IsNaN(value)) return true;
        return false;
    }
}
