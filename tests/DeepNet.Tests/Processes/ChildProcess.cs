using System.Diagnostics;

namespace DeepNet.Tests.Processes;

/// <summary>Runs tests of this assembly in a process of its own, under other settings of the runtime.</summary>
internal static class ChildProcess
{
    /// <summary>Set in children, which start no children themselves.</summary>
    public const string Mark = "DEEPNET_TEST_CHILD";

    /// <summary>The trait of tests that start processes; children leave them out.</summary>
    public const string Trait = "Runs", Children = "children";

    public static bool IsChild => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Runs all tests that match the filter and pass in this process too; throws with their output unless all do.</summary>
    public static async Task<string> Test(string filter, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[] { "vstest", typeof(ChildProcess).Assembly.Location,
            $"--TestCaseFilter:({filter})&{Trait}!={Children}" })
            start.ArgumentList.Add(argument);
        // What this run was given (a test host, a port, a data collector) is not for the child.
        foreach (string name in start.Environment.Keys.Where(
            n => n.StartsWith("VSTEST_", StringComparison.OrdinalIgnoreCase) || n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToList())
            start.Environment.Remove(name);
        start.Environment[Mark] = "1";
        start.Environment["VSTEST_CONNECTION_TIMEOUT"] = "300";
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        string text = await output + await error;
        Assert.True(process.ExitCode == 0, $"with {string.Join(", ", environment.Select(e => $"{e.Name}={e.Value}"))}:\n{text}");
        return text;
    }
}
