using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Samples.Tests.Support;
using DeepNet.Tests.Processes;

namespace DeepNet.Samples.Tests;

public class ForecastTests
{
    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void Networks_beat_what_was_and_the_linear_one_is_sure_of_too_much()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Forecast", folder.Path, "--origins", "1", "--seeds", "1", "--steps", "150", "--hours", "2600");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("2,600 steps; 24 are forecast from 168, from each step of the 866 behind 1 origins\n", run.Output,
            StringComparison.Ordinal);

        var (season, context) = (Row(run.Output, "as a season ago"), Row(run.Output, "as the context ago"));
        double[][] networks = [Row(run.Output, "linear"), Row(run.Output, "LSTM"), Row(run.Output, "convolutional")];
        // The naive rules are as wrong a day ahead as an hour ahead; who sees the last values is better soon than late.
        Assert.InRange(season[0], 8, 12);
        Assert.InRange(context[0], 6, 10);
        Assert.All(networks, n => Assert.True(n[0] < Math.Min(season[0], context[0]), run.Output));
        Assert.All(networks, n => Assert.True(n[1] < 0.85 * n[2], run.Output));
        // Three months are few: the linear model is best over all, but sure of too much, and worse in the first hours.
        Assert.Contains("Over all, linear is best", run.Output, StringComparison.Ordinal);
        Assert.All(networks[1..], n => Assert.True(n[1] < networks[0][1] - 0.5, run.Output));
        Assert.InRange(networks[0][3], 20, 50);
        Assert.All([season, context, networks[1], networks[2]], n => Assert.InRange(n[3], 70, 90));
        Assert.Contains("Quiet days.", File.ReadAllText(folder["runs/forecast/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_a_file_is_forecast()
    {
        using var folder = new Folder();
        // A wave without noise: what was a season ago is right, and a linear model learns it.
        File.WriteAllLines(folder["wave.csv"], Enumerable.Range(0, 400).Select(t => string.Create(
            CultureInfo.InvariantCulture, $"{t},{10 + 3 * Math.Sin(2 * Math.PI * t / 8):0.0000}")).Prepend("step,load"));
        using var run = Sample.Run("Forecast", folder.Path, "--data", "wave.csv", "--column", "load", "--season", "8", "--context", "16",
            "--horizon", "4", "--origins", "1", "--seeds", "1", "--steps", "150");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(Row(run.Output, "as a season ago")[0], 0, 0.01);
        Assert.InRange(Row(run.Output, "linear")[0], 0, 0.3);
        Assert.DoesNotContain("event", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data and --column go together.", "--column", "load")]
    [InlineData("there is no file ", "--data", "no.csv", "--column", "load")]
    [InlineData("--horizon is at most --season", "--horizon", "48")]
    [InlineData("700 steps are too few for 9 origins", "--hours", "700", "--origins", "9")]
    [InlineData("[table] short.csv has no column 'load'.", "--data", "short.csv", "--column", "load")]
    public void What_is_wrong_is_said_in_a_sentence(string message, params string[] arguments)
    {
        using var folder = new Folder();
        File.WriteAllText(folder["short.csv"], "a,b\n1,2\n3,4\n");
        using var run = Sample.Run("Forecast", folder.Path, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"Forecast: {message}", run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var run = Sample.Run("Forecast", Path.GetTempPath(), "--help");
        Assert.Equal(0, run.ExitCode);
        foreach (string option in new[] { "--data", "--column", "--hours", "--season", "--context", "--horizon", "--origins", "--seeds",
            "--steps", "--out" })
            Assert.Contains($"\n  {option} ", run.Output, StringComparison.Ordinal);
    }

    // Error over all, in the first three steps, in the last three, and the share within the interval.
    private static double[] Row(string output, string forecaster)
    {
        var match = Regex.Match(output, $@"^{forecaster} +([\d. ]+)$", RegexOptions.Multiline);
        return [.. match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }
}
