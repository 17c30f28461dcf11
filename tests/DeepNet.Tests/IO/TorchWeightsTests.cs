using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Tests.IO;

/// <summary>Weights that PyTorch trained (tests/golden/exchange.py) compute here what they compute there.</summary>
public sealed class TorchWeightsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string path;

    public TorchWeightsTests()
    {
        path = folder["torch.safetensors"];
        using var resource = typeof(TorchWeightsTests).Assembly.GetManifestResourceStream("golden/torch_weights.safetensors")!;
        using var file = File.Create(path);
        resource.CopyTo(file);
    }

    public void Dispose() => folder.Dispose();

    // The same architecture with names of its own.
    private sealed class Net : Module
    {
        private readonly Conv2d convolution = new(2, 3, 3, padding: 1);
        private readonly BatchNorm2d norm = new(3);
        private readonly Linear head = new(3 * 5 * 4, 6);

        public override Tensor Forward(Tensor x) => head.Forward(norm.Forward(convolution.Forward(x)).Relu().Flatten(1));
    }

    [Fact]
    public void Under_other_names_by_a_name_map()
    {
        string? Own(string torch) => torch switch
        {
            "input" or "output" => null,
            _ => torch.Replace("features.0", "convolution", StringComparison.Ordinal)
                .Replace("features.1", "norm", StringComparison.Ordinal)
                .Replace("classifier", "head", StringComparison.Ordinal),
        };
        var model = new Net();
        Assert.True(model.Load(path, rename: Own).IsEmpty);
        AssertComputesTheSame(model);
    }

    [Fact]
    public void Under_the_same_names_as_they_are()
    {
        var model = new Sequential(
            ("features", new Sequential(new Conv2d(2, 3, 3, padding: 1), new BatchNorm2d(3), new Relu())),
            ("flatten", new Flatten()),
            ("classifier", new Linear(3 * 5 * 4, 6)));
        var rest = model.Load(path, strict: false);
        Assert.Equal(["input", "output"], rest.Unexpected.Order());
        Assert.Empty(rest.Missing);
        AssertComputesTheSame(model);
        Assert.Equal(5, model.State()["features.1.num_batches_tracked"].Item<long>());
    }

    private void AssertComputesTheSame(Module model)
    {
        var file = SafeTensors.Load(path);
        model.Eval();
        float[] expected = file["output"].ToArray(), actual = model.Forward(file["input"]).ToArray();
        Assert.Equal(18, expected.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6f * (1 + Math.Abs(expected[i])));
    }
}
