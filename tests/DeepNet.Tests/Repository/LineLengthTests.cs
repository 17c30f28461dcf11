using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Repository;

/// <summary>No line of C# is longer than .editorconfig says.</summary>
public class LineLengthTests
{
    private const int Columns = 140;

    [Fact]
    public void Of_at_most_140_columns()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));
        var tooLong = new List<string>();
        foreach (string top in (string[])["src", "tests", "samples", "bench"])
            foreach (string file in Directory.EnumerateFiles(Path.Combine(root, top), "*.cs", SearchOption.AllDirectories))
            {
                string path = Path.GetRelativePath(root, file).Replace('\\', '/');
                if (path.Split('/') is var parts && (parts.Contains("obj") || parts.Contains("bin"))) continue;
                int number = 0;
                foreach (string line in File.ReadLines(file))
                {
                    number++;
                    if (line.Length > Columns) tooLong.Add($"{path}:{number}: {line.Length} columns");
                }
            }
        Assert.True(tooLong.Count == 0, $"{tooLong.Count} lines are longer than {Columns} columns:\n{string.Join('\n', tooLong)}");
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
