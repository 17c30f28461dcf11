using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DeepNet.Analysis;
using DeepNet.Data;
using DeepNet.Models;
using DeepNet.Plots;
using DeepNet.Training;

namespace DeepNet.Labs.Tests;

/// <summary>The table of the course: what it names exists, and no row is empty.</summary>
public class CourseTests
{
    private static readonly Type[] Exported =
    [
        .. new[] { typeof(Tensor), typeof(DataReport), typeof(Splits), typeof(ResNet), typeof(Plot), typeof(Trainer) }
            .SelectMany(t => t.Assembly.GetExportedTypes()),
    ];

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    private static (string Topic, string[] Labs, string[] Library)[] Rows
        => [.. File.ReadLines(Path.Combine(Root(), "docs", "course.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| topic", StringComparison.Ordinal))
            .Select(l => Regex.Split(l.Trim('|', ' '), @"(?<!\\)\|"))
            .Select(cells => (cells[0].Trim(), Quoted(cells[1]), Quoted(cells[2])))];

    private static string[] Quoted(string cell) => [.. Regex.Matches(cell, "`([^`]+)`").Select(m => m.Groups[1].Value)];

    [Fact]
    public void No_row_is_empty() => Assert.All(Rows, r => Assert.True(r.Labs.Length + r.Library.Length > 0, r.Topic));

    [Fact]
    public void Every_lab_exists_and_has_a_row()
    {
        Assert.All(Rows.SelectMany(r => r.Labs), lab => Assert.True(Catalogue.Find(lab) is not null, $"there is no lab '{lab}'"));
        Assert.Empty(Catalogue.All.Select(l => l.Name).Except(Rows.SelectMany(r => r.Labs)));
    }

    [Fact]
    public void Every_sample_type_and_member_exists()
    {
        string[] missing = [.. Rows.SelectMany(r => r.Library).Distinct().Where(name => !Exists(name))];
        Assert.True(missing.Length == 0, $"docs/course.md names what does not exist: {string.Join(", ", missing)}");
    }

    private static bool Exists(string name)
    {
        if (name.StartsWith("samples/", StringComparison.Ordinal)) return Path.Exists(Path.Combine(Root(), name));
        string[] parts = name.Split('.');
        return Exported.Any(t => t.Name.Split('`')[0] == parts[0] && !t.IsNested
            && (parts.Length == 1 || t.GetMember(parts[1], BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance).Length > 0));
    }
}
