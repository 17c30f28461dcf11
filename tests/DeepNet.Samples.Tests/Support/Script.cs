namespace DeepNet.Samples.Tests.Support;

/// <summary>A single-file program of samples/scripts, built once for all its tests.</summary>
public abstract class Script(string name)
{
    // They share what the libraries are built into.
    private static readonly Lock OneAtATime = new();

    private bool isBuilt;

    /// <summary>Its text.</summary>
    public string Text => File.ReadAllText(Source).ReplaceLineEndings("\n");

    private string Source => Path.Combine(Sample.Root, "samples", "scripts", $"{name}.cs");

    // That of the tests, so that the libraries are built already.
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    internal Sample Run(string workingFolder, params string[] arguments)
    {
        Build();
        return Sample.Command(workingFolder, "dotnet", ["run", "--no-build", "-c", Configuration, Source, "--", .. arguments]);
    }

    private void Build()
    {
        lock (OneAtATime)
        {
            if (isBuilt) return;
            using var build = Sample.Command(Sample.Root, "dotnet", "build", Source, "-c", Configuration, "-v", "q");
            Assert.True(build.ExitCode == 0, $"{Source} does not build.\n{build.Output}\n{build.Errors}");
            isBuilt = true;
        }
    }
}

public sealed class XorScript() : Script("xor");

public sealed class CurveFitScript() : Script("curve-fit");

public sealed class CsvScript() : Script("csv");

public sealed class DigitsScript() : Script("digits");
