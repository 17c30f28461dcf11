using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Processes;

/// <summary>Runs <c>dotnet pack</c> as a release does.</summary>
internal static class Packing
{
    /// <summary>Gets the root folder of the repository that these tests were compiled from.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));

    /// <summary>Packs a library in Release: the tests themselves run from Debug, which stays untouched.</summary>
    public static async Task Run(string library, string repository, string output)
    {
        string project = Path.Combine(repository, "src", library, library + ".csproj");
        var start = new ProcessStartInfo("dotnet", ["pack", project, "-c", "Release", "-o", output, "-p:Analyze=false", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["CI"] = "true";       // paths of this machine are replaced, and packages must be those of the lock files
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string text = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, text);
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
