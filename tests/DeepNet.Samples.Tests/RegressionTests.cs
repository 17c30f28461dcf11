using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Samples.Tests.Support;

namespace DeepNet.Samples.Tests;

public partial class RegressionTests
{
    [Fact]
    public void The_true_coefficients_are_recovered_and_the_network_beats_the_linear_model()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Regression", folder.Path, "--epochs", "40");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);

        double[] apart = [.. Apart().Matches(run.Output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(9, apart.Length);
        Assert.All(apart, a => Assert.InRange(a, -2, 2));
        Assert.True(apart.Count(a => Math.Abs(a) <= 1) >= 6, string.Join(' ', apart));

        double[] errors = [.. HeldOut().Matches(run.Output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.InRange(errors[0], 30, 42);          // the product of age and distance stays in the residuals
        Assert.InRange(errors[1], 18, 24);          // and 20 is noise
        foreach (string file in new[] { "residuals.svg", "loss.svg", "history.csv", "network.safetensors" })
            Assert.True(new FileInfo(folder[$"runs/regression/{file}"]).Length > 500, file);
    }

    [Fact]
    public void Help_and_mistakes()
    {
        using var help = Sample.Run("Regression", Path.GetTempPath(), "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--hidden N", help.Output, StringComparison.Ordinal);
        using var wrong = Sample.Run("Regression", Path.GetTempPath(), "--epoch", "3");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Did you mean --epochs?", wrong.Errors, StringComparison.Ordinal);
        using var missing = Sample.Run("Regression", Path.GetTempPath(), "--data", "no.csv");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no.csv", missing.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"([+-][\d.]+) SE")]
    private static partial Regex Apart();

    [GeneratedRegex(@"held out: off by ([\d.]+)")]
    private static partial Regex HeldOut();
}
