namespace DeepNet.Data;

/// <summary>
/// Divides series before windows are made of them, so that no window can lie on both sides, and before scales are fitted.
/// </summary>
public static class SeriesSplits
{
    /// <summary>Two parts, the later one to be judged by.</summary>
    /// <param name="series">The series.</param>
    /// <param name="test">The share of the second part, between 0 and 1.</param>
    /// <param name="gap">
    /// Steps at the end of the first part that are left out, so that neighbours across the cut do not give the answer away.
    /// </param>
    /// <param name="history">
    /// Steps before the cut that the second part begins with: give the history of the windows, and the first of them forecasts from the cut
    /// on. The past is known when a forecast is made, so nothing leaks. 0 keeps the parts apart altogether.
    /// </param>
    public static (TimeSeries Train, TimeSeries Test) SplitByTime(this TimeSeries series, double test = 0.2, int gap = 0, int history = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        var (train, later) = SplitByTime([series], test, gap, history);
        return train.Count == 1 && later.Count == 1 ? (train[0], later[0]) : throw new ArgumentException(
            $"[split] a share of {test} of {series} with a gap of {gap} leaves nothing on one side.");
    }

    /// <summary>
    /// Two parts, the later one to be judged by. Series with times are all cut at one moment, so that none is learnt from when another one
    /// is forecast already; series without are taken to have a common clock that begins with their first step.
    /// </summary>
    /// <param name="series">The series. Those that have nothing on one side of the cut are missing there.</param>
    /// <param name="test">The share of all steps that the second part gets, between 0 and 1.</param>
    /// <param name="gap">Steps at the end of the first part that are left out.</param>
    /// <param name="history">Steps before the cut that the second part begins with, as history of its windows.</param>
    public static (IReadOnlyList<TimeSeries> Train, IReadOnlyList<TimeSeries> Test) SplitByTime(
        this IReadOnlyList<TimeSeries> series, double test = 0.2, int gap = 0, int history = 0)
    {
        CheckSeries(series);
        CheckShare(test);
        bool[] isTimed = [.. series.Select(one => !one.Times.IsEmpty).Distinct()];
        if (isTimed.Length > 1)
            throw new ArgumentException("[split] some series have times and some have none: they cannot be cut at one moment.");
        if (isTimed[0])
        {
            DateTime[] all = [.. series.SelectMany(one => one.Times.ToArray()).Order()];
            return SplitByTime(series, all[Cut(all.Length, test)], gap, history);
        }
        int[] steps = [.. series.SelectMany(one => Enumerable.Range(0, one.Steps)).Order()];
        int cut = steps[Cut(steps.Length, test)];
        return At(series, one => Math.Min(cut, one.Steps), gap, history);
    }

    /// <summary>Two parts: what was before a moment, and what came from it on.</summary>
    /// <param name="series">The series, all with times. Those that have nothing on one side of the cut are missing there.</param>
    /// <param name="at">The first moment of the second part.</param>
    /// <param name="gap">Steps at the end of the first part that are left out.</param>
    /// <param name="history">Steps before the cut that the second part begins with, as history of its windows.</param>
    public static (IReadOnlyList<TimeSeries> Train, IReadOnlyList<TimeSeries> Test) SplitByTime(
        this IReadOnlyList<TimeSeries> series, DateTime at, int gap = 0, int history = 0)
    {
        CheckSeries(series);
        return At(series, one =>
        {
            if (one.Times.IsEmpty) throw new ArgumentException($"[split] {one} has no times, and cannot be cut at {at:s}.");
            int found = one.Times.BinarySearch(at);
            return found >= 0 ? found : ~found;
        }, gap, history);
    }

    /// <summary>
    /// Two parts, at random, with all series of a group on one side: what is learnt of a patient is not judged by the same one.
    /// </summary>
    /// <param name="series">The series.</param>
    /// <param name="test">The share of the groups that the second part gets, between 0 and 1; at least one on each side.</param>
    /// <param name="seed">Equal seeds divide equally.</param>
    public static (IReadOnlyList<TimeSeries> Train, IReadOnlyList<TimeSeries> Test) SplitByGroup(
        this IReadOnlyList<TimeSeries> series, double test = 0.2, ulong seed = 0)
    {
        CheckSeries(series);
        CheckShare(test);
        string[] groups = [.. series.Select(one => one.Group).Distinct().Order(StringComparer.Ordinal)];
        if (groups.Length < 2) throw new ArgumentException($"[split] all series are of one group, '{groups[0]}'. Two are needed at least.");
        int count = Math.Clamp((int)Math.Round(test * groups.Length), 1, groups.Length - 1);
        var held = DrawKey.FromSeed(seed).Generator().Permutation(groups.Length).Take(count).Select(i => groups[i]).ToHashSet();
        return ([.. series.Where(one => !held.Contains(one.Group))], [.. series.Where(one => held.Contains(one.Group))]);
    }

    private static (IReadOnlyList<TimeSeries> Train, IReadOnlyList<TimeSeries> Test) At(
        IReadOnlyList<TimeSeries> series, Func<TimeSeries, int> place, int gap, int history)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        ArgumentOutOfRangeException.ThrowIfNegative(history);
        var (train, test) = (new List<TimeSeries>(), new List<TimeSeries>());
        foreach (var one in series)
        {
            int cut = place(one);
            if (cut > gap) train.Add(one.Slice(0, cut - gap));
            int from = Math.Max(0, cut - history);
            if (cut < one.Steps) test.Add(one.Slice(from, one.Steps - from));
        }
        return (train, test);
    }

    private static int Cut(int count, double test)
        => Math.Clamp(count - (int)Math.Round(test * count), 0, Math.Max(count - 1, 0));

    private static void CheckSeries(IReadOnlyList<TimeSeries> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (!series.Any(one => one.Steps > 0)) throw new ArgumentException("[split] there are no steps to divide.", nameof(series));
    }

    private static void CheckShare(double test)
    {
        if (!(test is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(test), $"[split] the test part is a share between 0 and 1, not {test}.");
    }
}
