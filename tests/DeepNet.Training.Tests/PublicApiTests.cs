using System.Runtime.CompilerServices;
using DeepNet.Tests.Api;

namespace DeepNet.Training.Tests;

/// <summary>The public API is what PublicApi.txt says, so that a change of it is seen in review.</summary>
public class PublicApiTests
{
    private const string Accept = "DEEPNET_ACCEPT_API";

    [Fact]
    public void Is_as_reviewed()
    {
        string file = Path.Combine(Folder(), "PublicApi.txt");
        string[] actual = PublicApi.Of(typeof(Trainer).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(file, string.Join('\n', actual) + "\n");
            return;
        }
        string[] reviewed = File.ReadAllLines(file);
        string[] gone = [.. reviewed.Except(actual)], added = [.. actual.Except(reviewed)];
        Assert.True(gone.Length + added.Length == 0,
            $"The public API changed. Look it over, then run this test with {Accept}=1 and commit PublicApi.txt.\n{string.Join('\n', gone.Select(l => "- " + l).Concat(added.Select(l => "+ " + l)))}");
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
