using System.Runtime.CompilerServices;

namespace DeepNet.Onnx.Tests;

/// <summary>The page about ONNX lists the operators that there are.</summary>
public class DocumentationTests
{
    [Fact]
    public void The_list_of_operators_is_that_of_the_table()
    {
        string page = File.ReadAllText(Path.Combine(Here(), "../../docs/onnx.md")).ReplaceLineEndings("\n");
        const string begin = "<!-- operators -->\n", end = "\n<!-- end -->";
        int from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        string listed = page[from..page.IndexOf(end, StringComparison.Ordinal)];
        Assert.Equal(string.Join(", ", OperatorTable.Instance.Names), listed.Replace("\n", " ", StringComparison.Ordinal).Trim());
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
