using System.Reflection;

namespace DeepNet.Tests.Api;

/// <summary>The public API of an assembly against the file in which it was reviewed.</summary>
internal static class ReviewedApi
{
    private const string Accept = "DEEPNET_ACCEPT_API";

    /// <summary>Fails unless the API is what PublicApi.txt in a test project's folder says; rewrites the file if it is told to.</summary>
    public static void Check(Assembly assembly, string folder)
    {
        string file = Path.Combine(folder, "PublicApi.txt");
        string[] actual = PublicApi.Of(assembly);
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
            $"The public API differs from {file}:\n{difference}\n\nIf it should, rewrite the file and commit it:\n    {Accept}=1 dotnet "
                + "test --filter PublicApiTests");
    }
}
