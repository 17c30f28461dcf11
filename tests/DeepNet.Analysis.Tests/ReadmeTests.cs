using System.Runtime.CompilerServices;
using DeepNet.Nn;

namespace DeepNet.Analysis.Tests;

/// <summary>Compiles and runs README.md's code of the analysis, and compares it word for word with the page.</summary>
public class ReadmeTests
{
    [Fact]
    public void Code_of_the_readme_runs()
    {
        Generator.SetSeed(1);
        Tensor x = Tensor.Randn(new Shape(16, 4)), y = Tensor.RandInt(0, 3, new Shape(16));
        var model = new Sequential(new Linear(4, 6), new Tanh(), new Linear(6, 3));

        // README: it shows why
        var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model);
        double sharpness = Sharpness.Largest(objective);                       // the largest eigenvalue, without the matrix
        var spectrum = HessianSpectrum.Full(objective);                        // all of them, for small models
        var trace = HessianSpectrum.Trace(objective, samples: 100);            // mean ± standard error
        var point = CriticalPointSearch.Find(objective);                       // where the gradient is zero: minimum, saddle…
        var plane = LossLandscape.Plane(objective, Direction.Random(objective, 1), Direction.Random(objective, 2));
        using var probe = new LayerProbe(model);                               // activations and gradients of each layer
        // README: end

        Assert.Equal(spectrum.Values.Max(), sharpness, 1e-3);
        Assert.InRange(trace.Mean, spectrum.Values.Sum() - 5 * trace.StandardError, spectrum.Values.Sum() + 5 * trace.StandardError);
        Assert.NotNull(point);
        Assert.NotNull(plane);
    }

    [Fact]
    public void It_is_the_code_above()
    {
        var lines = File.ReadLines(Here()).SkipWhile(l => l.Trim() != "// README: it shows why").Skip(1)
            .TakeWhile(l => l.Trim() != "// README: end").Select(l => l.Trim());
        Assert.Contains(
            string.Join('\n', lines),
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../README.md")).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string source = "") => source;
}
