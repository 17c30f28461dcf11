namespace DeepNet.Tool.Tests;

public class HelpTests
{
    [Theory]
    [InlineData("", "inspect")]
    [InlineData("inspect", "--json")]
    [InlineData("convert", "--type")]
    [InlineData("runs", "--html")]
    public void Every_command_has_help(string command, string expected)
    {
        string[] arguments = command.Length > 0 ? [command, "--help"] : ["--help"];
        string text = Deepnet.Output(arguments);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains($"Usage:\n  deepnet {command}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspekt", "inspect", "inspekt")]
    [InlineData("inspect x --jsn", "--json", "--jsn")]
    [InlineData("convert a b --typ float16", "--type", "--typ")]
    public void Misspelt_words_get_a_hint(string line, string meant, string word)
    {
        var (exit, output, errors) = Deepnet.Run(line.Split(' '));
        Assert.Equal(DeepNetCommand.UsageError, exit);
        Assert.Contains($"'{word}'", output + errors, StringComparison.Ordinal);
        Assert.Contains($"Did you mean one of the following?\n{meant}\n", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_is_one_of_four()
    {
        var (exit, _, errors) = Deepnet.Run("convert", "a.npz", "b.pt", "--type", "float8");
        Assert.Equal(DeepNetCommand.UsageError, exit);
        Assert.Contains("bfloat16", errors, StringComparison.Ordinal);
    }
}
