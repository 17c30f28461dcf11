using System.Text.Json;
using DeepNet.Nn;
using DeepNet.Tests.Golden;

namespace DeepNet.Tests;

/// <summary>Small networks under autocast to bfloat16 give what PyTorch's give (tests/golden/autocast.py), in the same types.</summary>
public class AutocastGoldenTests
{
    private static readonly Dictionary<string, Func<Tensor[], Tensor>> Functions = new()
    {
        ["matmul"] = x => x[0].MatMul(x[1]),
        ["linear"] = x => x[0].Affine(x[1], x[2], transposed: true),
        ["conv2d"] = x => x[0].Conv2d(x[1], x[2], padding: 1),
        ["attention"] = x => Attention.ScaledDotProduct(x[0], x[1], x[2]),
        ["mlp"] = x => x[0].Affine(x[1], x[2], transposed: true).Relu().Affine(x[3], x[4], transposed: true),
        ["residual"] = x => x[0] + new LayerNorm(10).Forward(x[0]).Affine(x[1], x[2], transposed: true).Gelu(),
        ["sigmoid of a product"] = x => x[0].MatMul(x[1]).Sigmoid(),
        ["log_softmax of a product"] = x => x[0].MatMul(x[1]).LogSoftmax(-1),
    };

    public static TheoryData<string> Cases => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(string name)
    {
        using var stream = typeof(AutocastGoldenTests).Assembly.GetManifestResourceStream("golden/autocast.json")!;
        using var document = JsonDocument.Parse(stream);
        var golden = document.RootElement.EnumerateArray().Single(e => e.GetProperty("op").GetString() == name);
        var inputs = golden.GetProperty("in").EnumerateArray().Select(e => Read(e).WithGrad()).ToArray();
        Tensor y;
        using (Autocast.To(DType.BFloat16)) y = Functions[name](inputs);
        Near("result", golden.GetProperty("out"), y);
        (y.To(DType.Float32) * Read(golden.GetProperty("up"))).Sum().Backward();
        int i = 0;
        foreach (var gradient in golden.GetProperty("grad").EnumerateArray()) Near($"gradient {i}", gradient, inputs[i++].Grad!);
    }

    private static Tensor Read(JsonElement json) => GoldenTensor.Read(json).ToTensor(DType.Float32);

    // PyTorch rounds at each operator and rounds gradients of weights too: 2⁻⁷ is a unit of the last place of the largest element, and
    // there are a few such roundings.
    private static void Near(string what, JsonElement json, Tensor actual)
    {
        Assert.Equal(json.GetProperty("t").GetString(), actual.DType.Name());
        double[] expected = [.. json.GetProperty("v").EnumerateArray().Select(e => e.GetDouble())], found = actual.ToArray<double>();
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= 1.5 / 128 * largest,
                $"{what}, element {i}: {found[i]}, in PyTorch {expected[i]} (largest {largest})");
    }
}
