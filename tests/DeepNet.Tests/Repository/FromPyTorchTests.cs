using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace DeepNet.Tests.Repository;

/// <summary>docs/from-pytorch.md names what exists.</summary>
public sealed class FromPyTorchTests
{
    [Fact]
    public void Every_name_on_the_page_is_part_of_the_public_surface()
    {
        var (rows, known) = (Rows(), PublicNames());
        var unknown = rows.SelectMany(row => row.Ours).Where(name => !known.Contains(name)).Distinct().ToArray();
        Assert.True(unknown.Length == 0, "not in any PublicApi.txt: " + string.Join(", ", unknown));
    }

    [Fact]
    public void The_page_has_at_least_400_names_each_once_and_says_why_one_is_missing()
    {
        var rows = Rows();
        Assert.True(rows.Length >= 400, $"{rows.Length} rows");
        var twice = rows.GroupBy(row => row.Theirs).Where(group => group.Count() > 1).Select(group => group.Key).ToArray();
        Assert.True(twice.Length == 0, "twice: " + string.Join(", ", twice));
        var unexplained = rows.Where(row => row.Ours.Length == 0 && row.Note.Length == 0).Select(row => row.Theirs).ToArray();
        Assert.True(unexplained.Length == 0, "no name and no reason: " + string.Join(", ", unexplained));
    }

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));

    private static string Here([CallerFilePath] string source = "") => source;

    private sealed record Row(string Theirs, string[] Ours, string Note);

    private static Row[] Rows() =>
    [
        .. File.ReadLines(Path.Combine(Root, "docs", "from-pytorch.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new Row(
            cells[1].Trim('`'), [.. Regex.Matches(cells[2], "`([^`]+)`").Select(m => m.Groups[1].Value)], cells[3])),
    ];

    /// <summary>Gets all public names, with every part of their namespaces and without: Tensor.Abs and DeepNet.Tensor.Abs.</summary>
    private static HashSet<string> PublicNames()
    {
        var names = new HashSet<string>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "PublicApi.txt", SearchOption.AllDirectories))
            foreach (string line in File.ReadLines(file))
            {
                string entry = Regex.Replace(line, @"\.(?:(?:static|override|abstract|virtual|protected|const) )+", ".");
                string name = Regex.Match(entry, @"^[\w.]+").Value;
                for (int at = 0; at >= 0; at = name.IndexOf('.', at + 1)) names.Add(name[at..].TrimStart('.'));
            }
        return names;
    }
}
