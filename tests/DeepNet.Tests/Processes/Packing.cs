using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Processes;

/// <summary>Runs <c>dotnet</c> as a release does.</summary>
internal static class Packing
{
    /// <summary>Gets the root folder of the repository that these tests were compiled from.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../.."));

    /// <summary>Packs a library in Release: the tests themselves run from Debug, which stays untouched.</summary>
    public static Task Run(string library, string repository, string output)
        => Dotnet(repository, ["pack", Path.Combine("src", library), "-c", "Release", "-o", output, .. OneOff], ("CI", "true"));

    /// <summary>Gets the options of a build that leaves no server behind and analyses nothing.</summary>
    public static string[] OneOff => ["-p:Analyze=false", "-nodeReuse:false"];

    /// <summary>Runs <c>dotnet</c> in a folder; returns what it writes, and fails with that unless it ends well.</summary>
    public static async Task<string> Dotnet(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var (exitCode, text) = await Start("dotnet", folder, arguments, environment);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{text}");
        return text;
    }

    /// <summary>Runs a program in a folder; returns its exit code and what it writes.</summary>
    public static async Task<(int ExitCode, string Text)> Start(
        string program, string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string text = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, text);
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
