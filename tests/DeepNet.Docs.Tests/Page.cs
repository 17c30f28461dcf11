using System.Runtime.CompilerServices;

namespace DeepNet.Docs.Tests;

/// <summary>A page of the documentation and the programs that its C# blocks make.</summary>
/// <remarks>
/// The blocks of a page, one after the other, are one program. What a reader need not see stands in a comment:
/// <code>
/// &lt;!-- csharp
/// var model = new Linear(4, 3);
/// --&gt;
/// </code>
/// <c>&lt;!-- new program --&gt;</c> begins another one. A block that is followed by a fenced block of the language <c>output</c> is run,
/// and prints just that. A line that begins with … stands for code of the reader's.
/// </remarks>
internal sealed record Page(string Name, IReadOnlyList<IReadOnlyList<Block>> Programs)
{
    /// <summary>Gets the root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../.."));

    /// <summary>Gets the names of all pages, from the root of the repository.</summary>
    public static IEnumerable<string> Names
        => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "README.md")).Append(Path.Combine(Root, "CONTRIBUTING.md"))
            .Select(p => Path.GetRelativePath(Root, p).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>Reads a page.</summary>
    public static Page Read(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Root, name));
        var programs = new List<List<Block>> { new() };
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "<!-- new program -->") programs.Add([]);
            else if (lines[i] is "```csharp" or "<!-- csharp") programs[^1].Add(new(i + 2, Fenced(lines, ref i), null));
            else if (lines[i] == "```output")
            {
                int line = i + 1;
                if (programs[^1] is not [.., { Output: null }])
                    throw new FormatException($"{name}:{line}: an output stands behind the C# block that prints it.");
                programs[^1][^1] = programs[^1][^1] with { Output = Fenced(lines, ref i) };
            }
        }
        return new(name, [.. programs.Where(p => p.Count > 0)]);
    }

    private static string Fenced(string[] lines, ref int at)
    {
        int first = ++at;
        while (at < lines.Length && lines[at] is not ("```" or "-->")) at++;
        return string.Join('\n', lines[first..at].Select(l => l.TrimStart().StartsWith('…') ? "" : l));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}

/// <summary>A block of C# of a page.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Code">Its text.</param>
/// <param name="Output">What it prints; null if the page does not say.</param>
internal sealed record Block(int Line, string Code, string? Output);
