namespace DeepNet.Docs.Tests;

/// <summary>Pages quote the sources as they are: blocks of the language <c>c#</c> are excerpts.</summary>
public class ExcerptTests
{
    public static TheoryData<string> Pages
        => [.. Page.Names.Where(n => File.ReadLines(Path.Combine(Page.Root, n)).Contains("```c#"))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Stand_in_a_source_file(string name)
    {
        string[] sources = [.. ((string[])["src", "tests"]).SelectMany(top => Directory.EnumerateFiles(
            Path.Combine(Page.Root, top), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText)];
        foreach (var excerpt in Excerpts(File.ReadAllLines(Path.Combine(Page.Root, name))))
            Assert.True(
                sources.Any(s => excerpt.All(line => s.Contains(line, StringComparison.Ordinal))),
                $"no source file has all lines of this excerpt of {name}:\n{string.Join('\n', excerpt)}");
    }

    // … stands for what is left out at the end of a line.
    private static IEnumerable<string[]> Excerpts(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] != "```c#") continue;
            int first = i + 1;
            while (lines[++i] != "```") { }
            yield return [.. lines[first..i].Select(l => l.Split('…')[0].Trim()).Where(l => l.Length > 0)];
        }
    }
}
