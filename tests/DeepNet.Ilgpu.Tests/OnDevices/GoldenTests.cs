using DeepNet.Tests.Golden;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>The golden cases of DeepNet.Tests, values and gradients from PyTorch, on every device and of strided inputs.</summary>
public class GoldenTests
{
    public static TheoryData<string, string, DType> Rows
        => AllDevices.WithFloats(GoldenCase.All.Keys, (name, dtype) => GoldenCase.All[name].IsFor(dtype));

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Are_those_of_PyTorch(string device, string name, DType dtype)
        => Run(name, GoldenCase.All[name], dtype, Device.Parse(device));

    private static void Run(string name, GoldenCase golden, DType dtype, Device device)
    {
        bool isStrided = dtype == DType.Float64;
        var inputs = golden.Inputs.Select(x => isStrided ? x.ToStridedTensor(dtype, device) : x.ToTensor(dtype, device)).ToArray();
        for (int i = 0; i < inputs.Length; i++)
            if (golden.Gradients?[i] is not null) inputs[i].RequiresGrad = true;
        var outputs = GoldenCalls.All[golden.Operator](new GoldenCall(golden, inputs, dtype));
        for (int i = 0; i < outputs.Length; i++) Near.Check($"{name}, output {i}", golden.Outputs[i], outputs[i], dtype, golden);
        if (golden.Gradients is null) return;
        for (int i = 0; i < outputs.Length; i++)
            if (golden.Upstream![i] is { } upstream) outputs[i].Backward(upstream.ToTensor(dtype, outputs[i].Device), retainGraph: true);
        for (int i = 0; i < inputs.Length; i++)
            if (golden.Gradients[i] is { } gradient)
                Near.Check(
                    $"{name}, gradient of input {i}", gradient, inputs[i].Grad ?? Tensor.Zeros(inputs[i].Shape, dtype), dtype, golden);
    }
}
