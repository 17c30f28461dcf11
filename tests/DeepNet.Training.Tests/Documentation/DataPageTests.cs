using System.Runtime.CompilerServices;

namespace DeepNet.Training.Tests.Documentation;

/// <summary>
/// Every C# block of docs/data.md stands word for word in a file of a folder Documentation of these tests or others, between the lines
/// <c>// docs: title</c> and <c>// docs: end</c>, where it is compiled and run.
/// </summary>
public class DataPageTests
{
    [Fact]
    public void Every_script_of_the_page_is_compiled()
    {
        string tests = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../.."));
        string[] files = [.. Directory.EnumerateDirectories(tests).Select(project => Path.Combine(project, "Documentation"))
            .Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs"))];
        var compiled = files.SelectMany(file => Between(File.ReadLines(file), l => l.StartsWith("// docs: ", StringComparison.Ordinal)
            && l != "// docs: end", "// docs: end")).ToHashSet();
        var shown = Between(File.ReadLines(Path.Combine(tests, "../docs/data.md")), l => l == "```csharp", "```").ToList();
        Assert.True(shown.Count >= 6, $"{shown.Count} blocks");
        Assert.All(shown, block => Assert.True(compiled.Contains(block), $"No test compiles this block of docs/data.md:\n{block}"));
    }

    // By lines without their indentation, which a method adds to.
    private static IEnumerable<string> Between(IEnumerable<string> lines, Func<string, bool> begins, string ends)
    {
        List<string>? block = null;
        foreach (string line in lines.Select(l => l.Trim()))
        {
            if (block is not null && line == ends)
            {
                yield return string.Join('\n', block);
                block = null;
            }
            else if (block is not null)
            {
                block.Add(line);
            }
            else if (begins(line))
            {
                block = [];
            }
        }
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
