using System.Runtime.CompilerServices;
using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Models.Tests;

/// <summary>
/// Models with the weights that tests/golden/models.py made compute what it computed of them, and their files have its names. With
/// DEEPNET_WRITE_MODELS=FOLDER the files are written there, for its check.
/// </summary>
internal static class Golden
{
    public static void Check(string family, Module model, Func<Tensor[], Tensor[]> compute)
    {
        using var folder = new TemporaryFolder();
        var (weights, inputs, outputs) = Read(family);
        string reference = folder.File("reference.safetensors");
        SafeTensors.Save(reference, weights);
        var report = model.LoadPretrained(reference);
        Assert.Equal(weights.Count, report.Loaded.Count);
        Assert.Empty(report.Ignored);

        model.Eval();
        using var off = Autograd.NoGrad();
        var results = compute(inputs);
        Assert.Equal(outputs.Length, results.Length);
        foreach (var (expected, actual) in outputs.Zip(results)) Same(expected, actual, family);

        string own = folder.File("own.safetensors");
        model.SavePretrained(own);
        var saved = SafeTensors.Load(own);
        Assert.Equal(weights.Keys.Order(), saved.Keys.Order());
        foreach (var (name, tensor) in saved) Assert.True(tensor.ArrayEqual(weights[name]), name);
        if (Environment.GetEnvironmentVariable("DEEPNET_WRITE_MODELS") is { Length: > 0 } kept)
            SafeTensors.Save(
                Path.Combine(kept, family + ".safetensors"), [.. saved, .. Numbered("input", inputs), .. Numbered("output", results)]);
    }

    /// <summary>Reads the weights, inputs and outputs of a family.</summary>
    public static (Dictionary<string, Tensor> Weights, Tensor[] Inputs, Tensor[] Outputs) Read(string family)
    {
        var all = new Dictionary<string, Tensor>(SafeTensors.Load(File(family)));
        return (all, Take("input"), Take("output"));

        Tensor[] Take(string kind)
        {
            string[] names = [.. all.Keys.Where(name => name.TrimEnd('1', '2', '3') == kind).Order(StringComparer.Ordinal)];
            var tensors = names.Select(name => all[name]).ToArray();
            foreach (string name in names) all.Remove(name);
            return tensors;
        }
    }

    /// <summary>Fails unless two tensors agree to 1e-5, or a part in 100,000.</summary>
    public static void Same(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var off = (expected - actual).Abs() / expected.Abs().Maximum(1);
        double worst = off.Max().Item<float>();
        Assert.True(worst <= 1e-5, $"{what} is off by {worst:g3}.");
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Numbered(string name, Tensor[] tensors)
        => tensors.Select((tensor, i) => KeyValuePair.Create(i == 0 ? name : $"{name}{i}", tensor));

    private static string File(string family, [CallerFilePath] string here = "")
        => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "golden", "data", "models", family + ".safetensors");
}
