namespace DeepNet.Data;

/// <summary>Mean and standard deviation of each channel.</summary>
internal sealed record ChannelScale(double[] Mean, double[] Std)
{
    /// <summary>Measures series; a channel that never changes keeps its units.</summary>
    public static ChannelScale Of(IEnumerable<TimeSeries> series, string[] channels)
    {
        var (mean, std) = (new double[channels.Length], new double[channels.Length]);
        for (int c = 0; c < channels.Length; c++)
        {
            double count = 0, sum = 0, squares = 0;
            foreach (var one in series)
                for (int i = c; i < one.Values.Length; i += channels.Length)
                    if (!float.IsNaN(one.Values[i])) (count, sum) = (count + 1, sum + one.Values[i]);
            if (count == 0) throw new ArgumentException($"[series_scaler] the channel '{channels[c]}' has no measurements.");
            mean[c] = sum / count;
            foreach (var one in series)
                for (int i = c; i < one.Values.Length; i += channels.Length)
                    if (!float.IsNaN(one.Values[i])) squares += Math.Pow(one.Values[i] - mean[c], 2);
            std[c] = squares > 0 ? Math.Sqrt(squares / count) : 1;
        }
        return new(mean, std);
    }
}
