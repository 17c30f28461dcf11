namespace DeepNet.Data;

/// <summary>
/// Brings each channel to mean 0 and standard deviation 1, with figures of the series that it was fitted to: fit it to the training part
/// alone, and scale both.
/// </summary>
/// <example><code>
/// var scaler = SeriesScaler.Fit(train);
/// var forecast = scaler.Restore(model.Forward(x), ["load"]);              // in the units of the data
/// </code></example>
public sealed class SeriesScaler
{
    private const string All = "";

    private readonly string[] channels;
    private readonly Dictionary<string, ChannelScale> scales;     // by the name of the series, or one for all

    private SeriesScaler(string[] channels, Dictionary<string, ChannelScale> scales, bool isPerSeries)
        => (this.channels, this.scales, IsPerSeries) = (channels, scales, isPerSeries);

    /// <summary>Gets a value indicating whether each series has a scale of its own.</summary>
    public bool IsPerSeries { get; }

    /// <summary>Measures one series.</summary>
    public static SeriesScaler Fit(TimeSeries train) => Fit([train]);

    /// <summary>Measures series.</summary>
    /// <param name="train">The training part. Missing measurements do not count.</param>
    /// <param name="perSeries">
    /// True for a scale for each series, by its name, where levels differ and every series to come is known; false for one for all.
    /// </param>
    public static SeriesScaler Fit(IReadOnlyList<TimeSeries> train, bool perSeries = false)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (train.Count == 0) throw new ArgumentException("[series_scaler] there is no series to measure.", nameof(train));
        string[] channels = [.. train[0].Channels];
        foreach (var one in train) SeriesWindows.CheckChannels(one, channels);
        var scales = train.GroupBy(one => perSeries ? one.Name : All)
            .ToDictionary(group => group.Key, group => ChannelScale.Of(group, channels));
        return new(channels, scales, perSeries);
    }

    /// <summary>Scales a series.</summary>
    public TimeSeries Scale(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        SeriesWindows.CheckChannels(series, channels);
        var scale = ScaleOf(series);
        var scaled = series.Values.ToArray();
        for (int i = 0; i < scaled.Length; i++)
        {
            int c = i % channels.Length;
            scaled[i] = (float)((scaled[i] - scale.Mean[c]) / scale.Std[c]);
        }
        return new(scaled, series.Channels, series.Times.ToArray(), series.Name, series.Group);
    }

    /// <summary>Scales series.</summary>
    public IReadOnlyList<TimeSeries> Scale(IReadOnlyList<TimeSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return [.. series.Select(Scale)];
    }

    /// <summary>Brings numbers, such as a forecast, back to the units of the data.</summary>
    /// <param name="scaled">The numbers; the last axis counts the channels.</param>
    /// <param name="targets">The channels that it has; all if left out.</param>
    /// <param name="series">The series that it belongs to, where each has a scale of its own.</param>
    public Tensor Restore(Tensor scaled, IReadOnlyList<string>? targets = null, TimeSeries? series = null)
    {
        ArgumentNullException.ThrowIfNull(scaled);
        int[] places = [.. (targets ?? channels).Select(Place)];
        if (scaled.Rank == 0 || scaled.Shape[^1] != places.Length)
            throw new ArgumentException(
                $"[series_scaler] the last axis of {scaled.Shape} should have {places.Length} channels. "
                    + "Name those that it has as targets.");
        if (IsPerSeries && series is null)
            throw new ArgumentException("[series_scaler] each series has a scale of its own: say which one this is.", nameof(series));
        var scale = ScaleOf(series);
        float[] std = Array.ConvertAll(places, c => (float)scale.Std[c]), mean = Array.ConvertAll(places, c => (float)scale.Mean[c]);
        return scaled * Tensor.From<float>(std).To(scaled.Device) + Tensor.From<float>(mean).To(scaled.Device);
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"SeriesScaler({string.Join(", ", channels)}; {(IsPerSeries ? $"{scales.Count} series" : "one scale")})";

    private int Place(string channel)
        => Array.IndexOf(channels, channel) is >= 0 and var c ? c : throw new ArgumentException(
            $"[series_scaler] there is no channel '{channel}' among {string.Join(", ", channels)}.");

    private ChannelScale ScaleOf(TimeSeries? series)
        => scales.TryGetValue(IsPerSeries ? series!.Name : All, out var scale) ? scale : throw new ArgumentException(
            $"[series_scaler] the training part had no series '{series!.Name}', so its scale is not known. "
                + "Fit with perSeries: false for series that are new.");
}
