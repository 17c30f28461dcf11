using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Samples.Tests.Support;
using DeepNet.Tests.Processes;

namespace DeepNet.Samples.Tests;

public partial class CharactersTests
{
    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void A_small_network_predicts_tales_better_than_counting_and_writes_words()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Characters", folder.Path, "--size", "150000", "--context", "64", "--batch", "16", "--layers", "2",
            "--epochs", "10");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(Number(Counting(), run.Output), 0.618, 0.638);
        Assert.InRange(Number(Gain(), run.Output), 0.01, 0.3);
        double[] words = [.. KnownWords().Matches(run.Output).Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(10, words.Length);
        Assert.InRange(words[^1], 75, 100);
        Assert.True(words[^1] > words[0] + 20, string.Join(' ', words));
        Assert.Contains("What it wrote", File.ReadAllText(folder["runs/characters/report.html"]), StringComparison.Ordinal);

        using var told = Sample.Run("Characters", folder.Path, "--generate", "Once upon a time", "--length", "200", "--temperature", "0.3");
        Assert.Equal(0, told.ExitCode);
        Assert.StartsWith("Once upon a time a ", told.Output, StringComparison.Ordinal);
        Assert.Equal("Once upon a time".Length + 200, told.Output.TrimEnd('\n').Length, 3.0);
    }

    [Fact]
    public void What_is_further_back_than_counting_sees_is_learned_from_a_text_that_is_given()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["days.txt"], string.Concat(Enumerable.Repeat("Monday, Tuesday, Wednesday, Thursday, Friday, ", 300)));
        using var run = Sample.Run("Characters", folder.Path, "--text", "days.txt", "--context", "48", "--dimension", "32", "--layers", "2",
            "--epochs", "30", "--length", "47", "--top-k", "1");
        Assert.Equal(0, run.ExitCode);
        // Of five days, the four characters "ay, " do not tell which comes next.
        Assert.InRange(Number(Counting(), run.Output), 0.16, 0.19);
        Assert.InRange(Number(Gain(), run.Output), 0.1, 0.19);
        Assert.Contains("Monday, Tuesday, Wednesday, Thursday, Friday, Mo", run.Output, StringComparison.Ordinal);

        using var strange = Sample.Run("Characters", folder.Path, "--generate", "Sunday");
        Assert.Equal(2, strange.ExitCode);
        Assert.StartsWith("Characters: the model does not know 'S'", strange.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_said_in_a_sentence()
    {
        using var folder = new Folder();
        using var missing = Sample.Run("Characters", folder.Path, "--text", "no.txt");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no.txt", missing.Errors, StringComparison.Ordinal);
        using var heads = Sample.Run("Characters", folder.Path, "--heads", "5");
        Assert.Equal(2, heads.ExitCode);
        Assert.StartsWith("Characters: --heads 5 does not divide --dimension 64.", heads.Errors, StringComparison.Ordinal);
        using var unlearned = Sample.Run("Characters", folder.Path, "--generate", "Once");
        Assert.Equal(2, unlearned.ExitCode);
        Assert.Contains("let one learn first", unlearned.Errors, StringComparison.Ordinal);
        using var help = Sample.Run("Characters", folder.Path, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.All(help.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    private static double Number(Regex pattern, string text)
    {
        var match = pattern.Match(text);
        Assert.True(match.Success, text);
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"last 4 characters: ([\d.]+) nats")]
    private static partial Regex Counting();

    [GeneratedRegex(@"s, (-?[\d.]+) less than counting")]
    private static partial Regex Gain();

    [GeneratedRegex(@"steps, (\d+) % of the words")]
    private static partial Regex KnownWords();
}
