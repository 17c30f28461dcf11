using System.Globalization;
using DeepNet.Data;
using DeepNet.Data.Files;
using DeepNet.Samples;
using DeepNet.Samples.Forecast;

// What comes in the next day, from the hours of a week? An LSTM, a convolutional net, a linear model, and the rule that things are as they
// were: compared as forecasts are used, always learning from what was and judged by what came.
var line = new CommandLine("Forecast", "Forecasts a time series by networks, a linear model and naive rules.");
var data = line.Text("--data", "FILE", null, "a CSV file [a made series of hours]");
var column = line.Text("--column", "NAME", null, "the column of it that is forecast");
var hours = line.Number("--hours", "N", 24 * 7 * 26, "the length of the made series", least: 24 * 7 * 4);
var season = line.Number("--season", "N", Series.Day, "the steps of a season", least: 2);
var context = line.Number("--context", "N", Series.Week, "the steps of the past that a forecast is made from", least: 2);
var horizon = line.Number("--horizon", "N", 24, "the steps that are forecast, a season at most", least: 1);
var folds = line.Number("--origins", "N", 3, "how often to learn again and look at what came next", least: 1);
var seeds = line.Number("--seeds", "N", 3, "first weights to try at each origin", least: 1);
var steps = line.Number("--steps", "N", 600, "how long to train", least: 1);
var output = line.Text("--out", "FOLDER", Path.Combine("runs", "forecast"), "where to put the report");
line.Example("Forecast --data power.csv --column load --season 96 --context 672");
if (!line.Read(args, out int exit)) return exit;
if (data.IsGiven != column.IsGiven) return line.Fail("--data and --column go together.");
if (data.Value is { } file && !File.Exists(file)) return line.Fail($"there is no file {Path.GetFullPath(file)}.");
if (horizon.Value > season.Value || season.Value > context.Value)
    return line.Fail("--horizon is at most --season, and that at most --context.");

Series series;
try
{
    series = data.Value is { } path ? Series.Read(path, column.Value!) : Series.Make(hours.Value!.Value, seed: 1);
}
catch (Exception e) when (e is DataFormatException or ArgumentException)
{
    return line.Fail(e.Message);
}
int past = context.Value!.Value, ahead = horizon.Value!.Value;
// The last third is forecast, in equal parts.
int part = series.Count / 3 / folds.Value!.Value;
if (part < 2 * ahead || series.Count - folds.Value * part < past + 10 * ahead)
    return line.Fail($"{series.Count} steps are too few for {folds.Value} origins, a context of {past} and a horizon of {ahead}.");
int[] origins = [.. Enumerable.Range(0, folds.Value.Value).Select(i => series.Count - (folds.Value.Value - i) * part)];
Say($"{series.Count:N0} steps; {ahead} are forecast from {past}, from each step of the {part} behind {origins.Length} origins\n");

// 1. Each forecaster learns at each origin from all before it, with each seed, and forecasts what comes until the next origin.
int length = steps.Value!.Value;
var scores = new[]
{
    Forecaster.Naive("as a season ago", season.Value!.Value), Forecaster.Naive("as the context ago", past),
    Forecaster.Network("linear", Networks.Linear, length, 3e-3), Forecaster.Network("LSTM", Networks.Lstm, length, 1e-2),
    Forecaster.Network("convolutional", Networks.Convolutional, length, 5e-3),
}.Select(forecaster => new Score(forecaster, ahead)).ToArray();
var last = Windows.Of(series.Values, origins[^1], origins[^1] + part, past, ahead);
Say($"{"",-20}{"error",8}{"first 3",9}{"last 3",8}{"in 80 %",9}");
foreach (var score in scores)
{
    foreach (int origin in origins)
    {
        var known = Windows.Of(series.Values, 0, origin, past, ahead);
        var asked = origin == origins[^1] ? last : Windows.Of(series.Values, origin, origin + part, past, ahead);
        for (ulong seed = 1; seed <= (ulong)(score.Forecaster.IsRandom ? seeds.Value!.Value : 1); seed++)
            score.Add(score.Forecaster.Forecast(known, asked, seed), asked, series, seed);
    }
    var (soon, late) = (score.MaeBetween(1, 3), score.MaeBetween(ahead - 2, ahead));
    Say($"{score.Forecaster.Name,-20}{score.Mae,8:0.00}{soon,9:0.00}{late,8:0.00}{100 * score.Coverage,9:0}");
}

// 2. Which wins, and when.
string verdict = $"Over all, {Best(s => s.Mae)}. In the first three steps {Best(s => s.MaeBetween(1, 3))}; in the last three "
    + $"{Best(s => s.MaeBetween(ahead - 2, ahead))}.";
if (series.Unrest is not null) verdict += $" While an event fades, {Best(s => s.MaeIn(true))}; else {Best(s => s.MaeIn(false))}.";
Console.WriteLine($"\n{verdict}");

int lag = season.Value.Value;
double scale = Enumerable.Range(lag, origins[0] - lag).Average(t => Math.Abs(series.Values[t] - series.Values[t - lag]));
string page = Path.Combine(output.Value!, "report.html");
Page.Of(series, origins, last, scores, [.. Enumerable.Range(1, seeds.Value!.Value).Select(i => (ulong)i)], scale, verdict).Save(page);
Say($"Written: {page}");
return 0;

string Best(Func<Score, double> error)
{
    var order = scores.OrderBy(error).ToArray();
    return string.Create(CultureInfo.InvariantCulture,
        $"{order[0].Forecaster.Name} is best ({error(order[0]):0.00}), then {order[1].Forecaster.Name} ({error(order[1]):0.00})");
}

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
