using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace DeepNet.Samples.Tests.Support;

/// <summary>Runs a sample as its users do: as a process, with arguments, in a folder.</summary>
internal sealed class Sample : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly StringBuilder output = new(), errors = new();

    private Sample(ProcessStartInfo start)
    {
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";         // what builds leaves nothing running
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Read(output);
    public string Errors => Read(errors);
    public int ExitCode => process.ExitCode;

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    /// <summary>Runs a sample to its end.</summary>
    public static Sample Run(string name, string folder, params string[] arguments)
    {
        var sample = Start(name, folder, arguments);
        sample.WaitForExit();
        return sample;
    }

    /// <summary>Gets the program of a sample. It was built with the tests, in the same configuration.</summary>
    public static string PathOf(string name)
    {
        // …/bin/Release/net10.0/ of the tests, and the same of the sample.
        string build = Path.GetRelativePath(Path.Combine(Root, "tests", "DeepNet.Samples.Tests"), AppContext.BaseDirectory);
        string program = Path.Combine(Root, "samples", name, build, $"{name}.dll");
        Assert.True(File.Exists(program), $"{program} is not there; it is built with this project.");
        return program;
    }

    /// <summary>Starts a sample.</summary>
    public static Sample Start(string name, string folder, params string[] arguments)
    {
        return new Sample(new ProcessStartInfo("dotnet", ["exec", PathOf(name), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }

    /// <summary>Runs any command to its end.</summary>
    public static Sample Command(string folder, string file, params string[] arguments)
    {
        var sample = new Sample(
            new ProcessStartInfo(file, arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            });
        sample.WaitForExit();
        return sample;
    }

    /// <summary>Waits until the program has written a text.</summary>
    public void WaitFor(string text)
    {
        var clock = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited || clock.Elapsed > Longest, $"'{text}' did not come.\n{Output}\n{Errors}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Asks the program to terminate, as a batch system does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void WaitForExit()
    {
        bool isOver = process.WaitForExit(Longest);
        if (!isOver) process.Kill(entireProcessTree: true);
        process.WaitForExit();          // for the last lines
        Assert.True(isOver, $"The program did not end.\n{Output}\n{Errors}");
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static void Add(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.AppendLine(line);
    }

    private static string Read(StringBuilder text)
    {
        lock (text) return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
