namespace DeepNet.Tests.Golden;

/// <summary>Every operator against PyTorch: values and gradients, in float64, in float32, and of inputs that are strided views.</summary>
public class GoldenTests
{
    public static TheoryData<string> Doubles => Rows(DType.Float64);

    public static TheoryData<string> Floats => Rows(DType.Float32);

    [Theory]
    [MemberData(nameof(Doubles))]
    public void In_float64(string name) => Run(name, DType.Float64, strided: false);

    [Theory]
    [MemberData(nameof(Floats))]
    public void In_float32(string name) => Run(name, DType.Float32, strided: false);

    [Theory]
    [MemberData(nameof(Doubles))]
    public void Of_strided_inputs(string name) => Run(name, DType.Float64, strided: true);

    [Fact]
    public void Every_call_of_the_table_is_used()
    {
        var used = GoldenCase.All.Values.Select(c => c.Operator).ToHashSet();
        Assert.Subset(used, GoldenCalls.All.Keys.ToHashSet());
    }

    private static TheoryData<string> Rows(DType dtype)
        => [.. GoldenCase.All.Where(c => c.Value.IsFor(dtype)).Select(c => c.Key)];

    private static void Run(string name, DType dtype, bool strided)
    {
        var golden = GoldenCase.All[name];
        Assert.True(
            GoldenCalls.All.TryGetValue(golden.Operator, out var call),
            $"No DeepNet call for the golden operator '{golden.Operator}': add one to GoldenCalls.");
        var inputs = golden.Inputs.Select(x => strided ? x.ToStridedTensor(dtype) : x.ToTensor(dtype)).ToArray();
        for (int i = 0; i < inputs.Length; i++)
            if (golden.Gradients?[i] is not null) inputs[i].RequiresGrad = true;

        var outputs = call(new GoldenCall(golden, inputs, dtype));
        Assert.Equal(golden.Outputs.Length, outputs.Length);
        for (int i = 0; i < outputs.Length; i++) Near.Check($"{name}, output {i}", golden.Outputs[i], outputs[i], dtype, golden);

        if (golden.Gradients is null) return;
        for (int i = 0; i < outputs.Length; i++)
            if (golden.Upstream![i] is { } upstream)
                outputs[i].Backward(strided ? upstream.ToStridedTensor(dtype) : upstream.ToTensor(dtype), retainGraph: true);
        for (int i = 0; i < inputs.Length; i++)
            if (golden.Gradients[i] is { } gradient)
                Near.Check(
                    $"{name}, gradient of input {i}", gradient, inputs[i].Grad ?? Tensor.Zeros(inputs[i].Shape, dtype), dtype, golden);
    }
}
