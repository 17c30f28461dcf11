using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Samples.Tests.Support;
using DeepNet.Tests.Processes;

namespace DeepNet.Samples.Tests;

public partial class GenerateTests
{
    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void Digits_of_a_GAN_are_recognised_vary_and_teach_a_classifier()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Generate", folder.Path, "--model", "gan", "--steps", "300", "--count", "50");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(Number(Judge(), run.Output), 98, 100);
        Assert.InRange(Number(Recognised(), run.Output), 60, 100);
        Assert.InRange(Number(Variety(), run.Output), 60, 130);         // 0 if all pictures of a digit are alike
        double alone = Number(Alone(), run.Output), with = Number(With(), run.Output);
        Assert.InRange(alone, 65, 85);
        Assert.True(with >= alone + 4, run.Output);

        string report = File.ReadAllText(folder["runs/generate/report.html"]);
        Assert.Contains("Pictures of 7", report, StringComparison.Ordinal);
        // Real ones, made ones, eight looks at ten digits, and twenty sevens.
        Assert.Equal(10 + 10 + 80 + 20, Regex.Count(report, "<img "));
        Assert.True(File.Exists(folder["runs/generate/gan-1.safetensors"]) && File.Exists(folder["runs/generate/gan-2.safetensors"]));
    }

    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void A_VAE_makes_the_digit_asked_for_though_it_was_told_none()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Generate", folder.Path, "--model", "vae", "--steps", "1500", "--count", "50");
        Assert.Equal("", run.Errors);
        Assert.InRange(Number(Recognised(), run.Output), 60, 100);
        Assert.InRange(Number(Variety(), run.Output), 35, 80);          // blurred, and so less various than real ones
    }

    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void A_few_steps_of_diffusion_see_most_of_the_noise()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Generate", folder.Path, "--model", "diffusion", "--steps", "60", "--count", "2", "--make", "3");
        Assert.Equal("", run.Errors);
        double[] left = [.. Left().Matches(run.Output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(8, left.Length);
        Assert.InRange(left[0], 0.7, 1.6);          // all of it, at the first steps
        Assert.InRange(left[^1], 0.05, 0.3);
        Assert.Contains("Pictures of 3", File.ReadAllText(folder["runs/generate/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Three_steps_make_a_report_and_weights()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Generate", folder.Path, "--model", "gan", "--steps", "3", "--count", "2");
        Assert.Equal("", run.Errors);
        Assert.InRange(Number(Judge(), run.Output), 98, 100);
        Assert.InRange(Number(Recognised(), run.Output), 0, 40);
        Assert.Equal(10 + 10 + 30 + 20, Regex.Count(File.ReadAllText(folder["runs/generate/report.html"]), "<img "));
        Assert.True(File.Exists(folder["runs/generate/gan-1.safetensors"]) && File.Exists(folder["runs/generate/gan-2.safetensors"]));
    }

    [Theory]
    [InlineData("--model is one of gan, vae, diffusion, all, not 'vea'. Did you mean vae?", "--model", "vea")]
    [InlineData("--make is a digit from 0 to 9, not 10.", "--make", "10")]
    [InlineData("--count is at least 2, not 1.", "--count", "1")]
    public void What_is_wrong_is_said_in_a_sentence(string message, params string[] arguments)
    {
        using var run = Sample.Run("Generate", Path.GetTempPath(), arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"Generate: {message}", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_digits_is_an_error()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Generate", folder.Path, "--data", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("does not have MNIST's four files", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var run = Sample.Run("Generate", Path.GetTempPath(), "--help");
        Assert.Equal(0, run.ExitCode);
        foreach (string option in new[] { "--model", "--steps", "--make", "--few", "--count", "--data", "--seed", "--out" })
            Assert.Contains($"\n  {option} ", run.Output, StringComparison.Ordinal);
    }

    private static double Number(Regex pattern, string output)
        => double.Parse(pattern.Match(output).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"real pictures tells ([\d.]+) %")]
    private static partial Regex Judge();

    [GeneratedRegex(@"([\d.]+) % of [\d,]+ pictures are recognised")]
    private static partial Regex Recognised();

    [GeneratedRegex(@"they vary ([\d.]+) %")]
    private static partial Regex Variety();

    [GeneratedRegex(@"real ones alone +([\d.]+) %")]
    private static partial Regex Alone();

    [GeneratedRegex(@"  and [\d,]+ of \w+ +([\d.]+) %")]
    private static partial Regex With();

    [GeneratedRegex(@"noise left ([\d.]+)")]
    private static partial Regex Left();
}
