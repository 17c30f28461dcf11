namespace DeepNet.Samples.Tests.Support;

/// <summary>A single-file program of samples/scripts, built once for all its tests.</summary>
public abstract class Script(string name) : IDisposable
{
    // They share what the libraries are built into.
    private static readonly Lock OneAtATime = new();

    private readonly Folder folder = new();
    private string? program;

    /// <summary>Its text.</summary>
    public string Text => File.ReadAllText(Source).ReplaceLineEndings("\n");

    private string Source => Path.Combine(Sample.Root, "samples", "scripts", $"{name}.cs");

    internal Sample Run(string workingFolder, params string[] arguments)
    {
        program ??= Build();
        return Sample.Command(workingFolder, "dotnet", ["exec", program, .. arguments]);
    }

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    // In the configuration of the tests, so that the libraries are built already.
    private string Build()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        lock (OneAtATime)
        {
            using var build = Sample.Command(Sample.Root, "dotnet", "build", Source, "-c", configuration, "-o", folder["out"], "-v", "q");
            Assert.True(build.ExitCode == 0, $"{Source} does not build.\n{build.Output}\n{build.Errors}");
            return folder[$"out/{name}.dll"];
        }
    }
}

public sealed class XorScript() : Script("xor");

public sealed class CurveFitScript() : Script("curve-fit");

public sealed class CsvScript() : Script("csv");

public sealed class DigitsScript() : Script("digits");
