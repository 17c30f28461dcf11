using DeepNet.Tests.Golden;

namespace DeepNet.BitRecord.Cases;

/// <summary>Every golden case of the tests: in float64, in float32 and of strided views.</summary>
internal static class GoldenCases
{
    public static void Record(Recorder recorder)
    {
        foreach (var (name, golden) in GoldenCase.All)
            foreach (var dtype in Values.Floats.Where(golden.IsFor))
                foreach (bool strided in new[] { false, true })
                {
                    string full = $"{name}, {dtype}{(strided ? ", strided" : "")}";
                    recorder.Try(full, () => Run(recorder, full, golden, dtype, strided));
                }
    }

    private static void Run(Recorder recorder, string name, GoldenCase golden, DType dtype, bool strided)
    {
        Tensor[] inputs = [.. golden.Inputs.Select(Make)];
        for (int i = 0; i < inputs.Length; i++)
            if (golden.Gradients?[i] is not null) inputs[i].RequiresGrad = true;
        var outputs = GoldenCalls.All[golden.Operator](new GoldenCall(golden, inputs, dtype));
        for (int i = 0; i < outputs.Length; i++) recorder.Add($"{name} output {i}", outputs[i]);
        if (golden.Gradients is null) return;
        for (int i = 0; i < outputs.Length; i++)
            if (golden.Upstream![i] is { } upstream) outputs[i].Backward(Make(upstream), retainGraph: true);
        recorder.AddGradients(name, inputs);

        Tensor Make(GoldenTensor tensor) => strided ? tensor.ToStridedTensor(dtype) : tensor.ToTensor(dtype);
    }
}
