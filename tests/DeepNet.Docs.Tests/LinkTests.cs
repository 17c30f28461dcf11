using System.Text.RegularExpressions;

namespace DeepNet.Docs.Tests;

/// <summary>Links between pages, and from pages to files, lead somewhere.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Page.Names];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Lead_to_files_and_headings_that_exist(string name)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Page.Root, name))!;
        var broken = new List<string>();
        foreach (Match link in Link().Matches(WithoutCode(File.ReadAllText(Path.Combine(Page.Root, name)))))
        {
            string target = link.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
            string[] parts = target.Split('#', 2);
            string path = parts[0].Length == 0 ? Path.Combine(Page.Root, name) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            if (!File.Exists(path) && !Directory.Exists(path)) broken.Add($"{target}: there is no {parts[0]}");
            else if (parts.Length == 2 && !Anchors(path).Contains(parts[1])) broken.Add($"{target}: there is no heading for #{parts[1]}");
        }
        Assert.True(broken.Count == 0, $"{name} has links that lead nowhere:\n{string.Join('\n', broken)}");
    }

    private static HashSet<string> Anchors(string path)
        => [.. Heading().Matches(WithoutCode(File.ReadAllText(path)))
            .Select(h => NotInAnchors().Replace(h.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string WithoutCode(string text) => Fence().Replace(text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ +(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
