using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Api;

/// <summary>The public API is what PublicApi.txt says, so that a change of it is seen in review.</summary>
public class PublicApiTests
{
    private const string Accept = "DEEPNET_ACCEPT_API";

    [Fact]
    public void Is_as_reviewed()
    {
        string file = Path.Combine(SourceFolder(), "PublicApi.txt");
        string[] actual = PublicApi.Of(typeof(Tensor).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(file, string.Join('\n', actual) + "\n");
            return;
        }
        string[] reviewed = File.ReadAllLines(file);
        var added = actual.Except(reviewed).Select(line => "+ " + line);
        var removed = reviewed.Except(actual).Select(line => "- " + line);
        string difference = string.Join('\n', removed.Concat(added).OrderBy(line => line[2..], StringComparer.Ordinal));
        Assert.True(difference.Length == 0,
            $"The public API differs from {file}:\n{difference}\n\nIf it should, rewrite the file and commit it:\n    {Accept}=1 dotnet test --filter {nameof(PublicApiTests)}");
    }

    private static string SourceFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..");
}
