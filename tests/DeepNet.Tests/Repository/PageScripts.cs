using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Repository;

/// <summary>
/// The C# blocks of a page of docs, each of which stands word for word in a file of a folder Documentation of some tests, between the lines
/// <c>// docs: title</c> and <c>// docs: end</c>, where it is compiled and run.
/// </summary>
internal static class PageScripts
{
    /// <summary>Fails unless all blocks of a page are compiled.</summary>
    /// <param name="page">The name of the page, such as <c>data.md</c>.</param>
    /// <param name="least">The least number of blocks that it has.</param>
    public static void Check(string page, int least)
    {
        string tests = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../.."));
        string[] files = [.. Directory.EnumerateDirectories(tests).Select(project => Path.Combine(project, "Documentation"))
            .Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs"))];
        var compiled = files.SelectMany(file => Between(File.ReadLines(file), l => l.StartsWith("// docs: ", StringComparison.Ordinal)
            && l != "// docs: end", "// docs: end")).ToHashSet();
        var shown = Between(File.ReadLines(Path.Combine(tests, "../docs", page)), l => l == "```csharp", "```").ToList();
        Assert.True(shown.Count >= least, $"{shown.Count} blocks");
        Assert.All(shown, block => Assert.True(compiled.Contains(block), $"No test compiles this block of docs/{page}:\n{block}"));
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
