namespace DeepNet.Data.Tests.Series;

public class SeriesTests
{
    // Each value says where it comes from: series · 1000 + step.
    private static TimeSeries Numbered(int series, int steps, DateTime? from = null, string? group = null)
        => new(Enumerable.Range(0, steps).Select(step => series * 1000f + step).ToArray(), ["load"],
            from is { } first ? Enumerable.Range(0, steps).Select(step => first.AddHours(step)).ToArray() : default,
            $"series {series}", group);

    private static TimeSeries Two(params float[] values) => new(values, ["a", "b"]);

    [Fact]
    public void A_window_is_history_and_what_follows_of_one_series()
    {
        var windows = new SeriesWindows([Numbered(1, 6), Numbered(2, 5)], history: 3, horizon: 2);
        Assert.Equal(3, windows.Count);
        var (x, y) = windows.All();
        Assert.Equal([1000, 1001, 1002, 1001, 1002, 1003, 2000, 2001, 2002], x.ToArray());
        Assert.Equal([1003, 1004, 1004, 1005, 2003, 2004], y.ToArray());
        Assert.Equal(((3, 3, 1), (3, 2, 1)), ((x.Shape[0], x.Shape[1], x.Shape[2]), (y.Shape[0], y.Shape[1], y.Shape[2])));
        Assert.Equal(("series 2", 0), (windows.Place(2).Series.Name, windows.Place(2).Start));
        Assert.Equal([1000, 2000], new SeriesWindows([Numbered(1, 6), Numbered(2, 5)], 3, 2, stride: 2).All().X.Select(1, 0).ToArray());
    }

    [Fact]
    public void The_horizon_shows_nothing_but_what_is_known_in_advance()
    {
        var (x, y) = new SeriesWindows(Two(1, 10, 2, 20, 3, 30, 4, 40), 2, 2, targets: ["a"], known: ["b"]).All();
        Assert.Equal([1, 10, 2, 20, 0, 30, 0, 40], x.ToArray());
        Assert.Equal([3, 4], y.ToArray());
        (x, y) = new SeriesWindows(Two(1, 10, 2, 20, 3, 30), 2, 1, targets: ["b", "a"]).All();
        Assert.Equal([1, 10, 2, 20], x.ToArray());
        Assert.Equal([30, 3], y.ToArray());
        Assert.Throws<ArgumentException>(() => new SeriesWindows(Two(1, 2, 3, 4), 1, 1, targets: ["a"], known: ["a"]));
    }

    [Fact]
    public void Windows_with_a_missing_measurement_are_left_out()
    {
        var series = new TimeSeries(new float[] { 0, 1, 2, float.NaN, 4, 5, 6, 7 });
        var windows = new SeriesWindows(series, 2, 1);
        Assert.Equal([0, 1, 4, 5, 5, 6], windows.All().X.ToArray());
        var error = Assert.Throws<ArgumentException>(() => new SeriesWindows(series, 3, 2));
        Assert.Contains("no series has 5 steps in a row", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 7)]
    [InlineData(5, 7)]
    public void No_step_that_is_forecast_in_the_test_was_seen_in_training(int gap, int history)
    {
        TimeSeries[] all = [Numbered(1, 100), Numbered(2, 100)];
        var (train, test) = all.SplitByTime(0.3, gap, history);
        var trained = Steps(new SeriesWindows(train, 7, 4));
        var judged = new SeriesWindows(test, 7, 4);
        Assert.Equal(70 - gap - 1, trained.Select(v => v % 1000).Max());
        Assert.Equal(70 + 7 - history, judged.All().Y.ToArray().Select(v => v % 1000).Min());
        if (history == 0) Assert.Empty(trained.Intersect(Steps(judged)));
        Assert.Empty(trained.Intersect(judged.All().Y.ToArray()));
    }

    [Fact]
    public void Series_with_times_are_cut_at_one_moment()
    {
        var (early, late) = (new DateTime(2024, 1, 1), new DateTime(2024, 1, 3));
        TimeSeries[] all = [Numbered(1, 96, early), Numbered(2, 48, late), Numbered(3, 10, early)];
        var (train, test) = all.SplitByTime(0.25);
        DateTime last = train.Max(one => one.Times[^1]), first = test.Min(one => one.Times[0]);
        Assert.True(last < first);
        Assert.Equal(154, train.Sum(one => one.Steps) + test.Sum(one => one.Steps));
        Assert.Equal(["series 1", "series 2"], test.Select(one => one.Name));

        (train, test) = all.SplitByTime(late.AddHours(2).AddMinutes(30), gap: 1, history: 3);
        Assert.Equal([50 - 0, 2, 10 - 1], train.Select(one => one.Steps));
        Assert.Equal([late.AddHours(0), late], test.Select(one => one.Times[0]));
        Assert.Throws<ArgumentException>(() => new[] { Numbered(1, 5), Numbered(2, 5, early) }.SplitByTime());
    }

    [Fact]
    public void A_group_is_on_one_side()
    {
        TimeSeries[] all = [.. Enumerable.Range(0, 20).Select(i => Numbered(i, 3, group: $"patient {i % 6}"))];
        for (ulong seed = 0; seed < 10; seed++)
        {
            var (train, test) = all.SplitByGroup(0.3, seed);
            Assert.Empty(train.Select(one => one.Group).Intersect(test.Select(one => one.Group)));
            Assert.Equal(20, train.Count + test.Count);
            Assert.Equal(2, test.Select(one => one.Group).Distinct().Count());
        }
        Assert.Throws<ArgumentException>(() => new[] { Numbered(1, 3) }.SplitByGroup());
    }

    [Fact]
    public void Scales_are_those_of_the_training_part_alone()
    {
        // Mean 2 and standard deviation 1 before the cut; what follows must not count.
        var series = new TimeSeries(new float[] { 1, 3, 1, 3, 1, 3, 1, 3, 1000, -5000 });
        var (train, test) = series.SplitByTime(0.2);
        var scaler = SeriesScaler.Fit(train);
        Assert.Equal([-1, 1, -1, 1, -1, 1, -1, 1], scaler.Scale(train).Values.ToArray());
        Assert.Equal([998, -5002], scaler.Scale(test).Values.ToArray());
        Assert.Equal([1000, -5000], scaler.Restore(Tensor.From<float>(998, -5002).Reshape(2, 1)).ToArray());
    }

    [Fact]
    public void Each_series_can_have_a_scale_of_its_own()
    {
        TimeSeries[] train = [new(new float[] { 0, 2 }, name: "low"), new(new float[] { 100, 300, float.NaN }, name: "high")];
        var scaler = SeriesScaler.Fit(train, perSeries: true);
        Assert.Equal([-1, 1], scaler.Scale(train[0]).Values.ToArray());
        Assert.Equal([-1, 1, float.NaN], scaler.Scale(train[1]).Values.ToArray());
        Assert.Equal([400], scaler.Restore(Tensor.From<float>(2), series: train[1]).ToArray());
        var error = Assert.Throws<ArgumentException>(() => scaler.Scale(new TimeSeries(new float[3], name: "series 7")));
        Assert.Contains("the training part had no series 'series 7'", error.Message, StringComparison.Ordinal);
        Assert.Equal((0 - 100.5) / Math.Sqrt(14900.75), SeriesScaler.Fit(train).Scale(train[0]).Values[0], 1e-6);
    }

    [Fact]
    public void A_forecast_comes_back_in_the_units_of_its_targets()
    {
        var series = Two(0, 10, 4, 10, 0, 10, 4, 10);                     // b never changes: its units stay, its mean is taken away
        var scaler = SeriesScaler.Fit(series);
        Assert.Equal([-1, 0, 1, 0, -1, 0, 1, 0], scaler.Scale(series).Values.ToArray());
        Assert.Equal([4, 0], scaler.Restore(Tensor.From<float>(1, -1).Reshape(1, 2, 1), ["a"]).ToArray());
        Assert.Equal([13, 8], scaler.Restore(Tensor.From<float>(3, 3).Reshape(1, 2), ["b", "a"]).ToArray());
        Assert.Throws<ArgumentException>(() => scaler.Restore(Tensor.Zeros(2, 1)));
    }

    [Fact]
    public void The_calendar_is_on_a_circle()
    {
        DateTime[] times = [new(2024, 1, 1), new(2024, 1, 1, 6, 0, 0), new(2024, 1, 4, 12, 0, 0), new(2024, 7, 2)];    // a Monday
        var series = new TimeSeries(new float[] { 1, 2, 3, 4 }, times: times)
            .WithCalendar(CalendarCycles.Day | CalendarCycles.Week | CalendarCycles.Year);
        Assert.Equal(["value", "day sine", "day cosine", "week sine", "week cosine", "year sine", "year cosine"], series.Channels);
        float[][] steps = [.. series.Values.ToArray().Chunk(7)];
        Assert.Equal([1, 0, 1, 0, 1, 0, 1], steps[0]);
        Assert.Equal((1f, 0f), (steps[1][1], MathF.Round(steps[1][2], 6)));
        Assert.Equal((-1f, 0f), (steps[2][4], MathF.Round(steps[2][3], 6)));
        Assert.Equal((-1f, 0f), (steps[3][6], MathF.Round(steps[3][5], 6)));
    }

    [Fact]
    public void Series_that_are_not_in_order_are_refused()
    {
        DateTime[] times = [new(2024, 1, 2), new(2024, 1, 1)];
        var error = Assert.Throws<ArgumentException>(() => new TimeSeries(new float[2], times: times));
        Assert.Contains("times must ascend", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new TimeSeries(new float[3], ["a", "b"]));
        Assert.Throws<ArgumentException>(() => new TimeSeries(new float[4], ["a", "a"]));
        Assert.Throws<ArgumentException>(() => new SeriesWindows([Two(1, 2, 3, 4), Numbered(1, 3)], 1, 1));
    }

    private static HashSet<float> Steps(SeriesWindows windows)
    {
        var (x, y) = windows.All();
        return [.. x.ToArray(), .. y.ToArray()];
    }
}
