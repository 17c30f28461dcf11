using DeepNet.Samples.Tests.Support;

namespace DeepNet.Samples.Tests;

public class XorTests(XorScript script) : IClassFixture<XorScript>
{
    [Fact]
    public void Learns_it()
    {
        using var run = script.Run(Path.GetTempPath(), "--steps", "300");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"1 xor 1 = 0, the network says 0\.0", run.Output);
    }

    [Fact]
    public void Help_and_mistakes() => ScriptTests.CheckHelp(script, "--steps", "--step");
}

public class CurveFitTests(CurveFitScript script) : IClassFixture<CurveFitScript>
{
    [Fact]
    public void Draws_the_fit()
    {
        using var folder = new Folder();
        using var run = script.Run(folder.Path, "--epochs", "60", "--out", "fit.svg");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("<svg", File.ReadAllText(folder["fit.svg"]).TrimStart(), StringComparison.Ordinal);
        Assert.Contains("off the true curve by 0.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_mistakes() => ScriptTests.CheckHelp(script, "--noise", "--nose");
}

public class CsvScriptTests(CsvScript script) : IClassFixture<CsvScript>
{
    [Theory]
    [InlineData("price", "is right")]           // a number
    [InlineData("quarter", "val_accuracy")]     // a class
    public void Predicts_a_column(string target, string expected)
    {
        using var run = script.Run(Sample.Root, "--target", target, "--epochs", "2");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_mistakes() => ScriptTests.CheckHelp(script, "--target", "--taget");
}

public class ReadmeExampleTests(DigitsScript script) : IClassFixture<DigitsScript>
{
    [Fact]
    public void The_readme_shows_this_very_program()
    {
        string program = script.Text[script.Text.IndexOf("using DeepNet;", StringComparison.Ordinal)..].TrimEnd();
        Assert.InRange(program.Split('\n').Length, 20, 32);
        Assert.Contains(
            $"```csharp\n{program}\n```", File.ReadAllText(Path.Combine(Sample.Root, "README.md")).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_does_what_it_says()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["data/digits"]);
        foreach (string file in Directory.GetFiles(Path.Combine(Sample.Root, "data", "digits")))
            File.Copy(file, folder[$"data/digits/{Path.GetFileName(file)}"]);
        using var run = script.Run(folder.Path);
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"loss 0\.0\d+  accuracy 0\.9[78]\d+\n$", run.Output);
        Assert.True(File.Exists(folder["runs/digits/mlp.safetensors"]));
    }
}

internal static class ScriptTests
{
    public static void CheckHelp(Script script, string option, string misspelt)
    {
        using var help = script.Run(Path.GetTempPath(), "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"\n  {option} ", help.Output, StringComparison.Ordinal);
        using var wrong = script.Run(Path.GetTempPath(), misspelt, "1");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains($"Did you mean {option}?", wrong.Errors, StringComparison.Ordinal);
    }
}
