using System.Globalization;
using System.Text.RegularExpressions;
using DeepNet.Samples.Tests.Support;
using DeepNet.Tests.Processes;

namespace DeepNet.Samples.Tests;

public class GraphTests
{
    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public void Citations_are_worth_fifteen_points_at_each_seed_unless_they_are_random()
    {
        using var folder = new Folder();
        using var run = Sample.Run("Graph", folder.Path, "--quick", "--epochs", "100");
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("The topics of 70 papers are told, 1,330 are to be found.", run.Output, StringComparison.Ordinal);

        double[] mlp = Accuracies(run.Output, "MLP, words alone"), gcn = Accuracies(run.Output, "GCN"), gat = Accuracies(run.Output, "GAT"),
            random = Accuracies(run.Output, "GCN, citations at random");
        Assert.All(mlp, a => Assert.InRange(a, 45, 65));
        Assert.All(gcn.Zip(mlp), pair => Assert.True(pair.First >= pair.Second + 15, run.Output));
        Assert.All(gat.Zip(mlp), pair => Assert.True(pair.First >= pair.Second + 15, run.Output));
        Assert.All(random.Zip(mlp), pair => Assert.True(pair.First <= pair.Second - 15, run.Output));
        Assert.Contains("GCN is ", File.ReadAllText(folder["runs/graph/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Papers_are_read_from_files_in_the_form_of_Cora()
    {
        using var folder = new Folder();
        // Forty papers of two topics that share one word; citations alone tell which belong together, and one goes to an unknown paper.
        var papers = Enumerable.Range(0, 40).Select(i => $"p{i}\t{(i < 2 ? 1 : 0)}\t1\t{(i % 2 == 0 ? "Theory" : "Cases")}");
        var citations = Enumerable.Range(0, 38).SelectMany(i => new[] { $"p{i}\tp{i + 2}", $"p{i}\tp{(i + 10) % 40}" }).Append("p0\tp99");
        File.WriteAllLines(folder["papers"], papers);
        File.WriteAllLines(folder["citations"], citations);
        using var run = Sample.Run("Graph", folder.Path, "--quick", "--nodes", "papers", "--edges", "citations", "--labels", "30");
        Assert.Equal("", run.Errors);
        Assert.StartsWith(
            "40 papers of 2 topics, 2 words\n76 citations, 100 % of them within a topic\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("The topics of 12 papers are told, 28 are to be found.", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nodes and --edges go together.", "--nodes", "papers")]
    [InlineData("there is no file ", "--nodes", "no.content", "--edges", "no.cites")]
    [InlineData("--labels is below 100", "--labels", "100")]
    [InlineData("--seeds is at least 1, not 0.", "--seeds", "0")]
    [InlineData("words, line 2 has 3 cells", "--nodes", "words", "--edges", "words")]
    public void What_is_wrong_is_said_in_a_sentence(string message, params string[] arguments)
    {
        using var folder = new Folder();
        File.WriteAllText(folder["words"], "a 1 0 x\nb 1 y\n");
        using var run = Sample.Run("Graph", folder.Path, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"Graph: {message}", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var run = Sample.Run("Graph", Path.GetTempPath(), "--help");
        Assert.Equal(0, run.ExitCode);
        foreach (string option in new[] { "--nodes", "--edges", "--labels", "--epochs", "--seeds", "--quick", "--out" })
            Assert.Contains($"\n  {option} ", run.Output, StringComparison.Ordinal);
    }

    private static double[] Accuracies(string output, string classifier)
    {
        var match = Regex.Match(output, $@"^{classifier} +([\d. ]+)mean", RegexOptions.Multiline);
        return [.. match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }
}
