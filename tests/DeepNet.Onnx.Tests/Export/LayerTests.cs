using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Export;

public class LayerTests
{
    private static readonly Generator random = new(1);

    public static TheoryData<string> Names => [.. LayerCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_comes_back_as_it_was(string name)
    {
        var (module, example) = LayerCases.All[name]();
        // Statistics that are not those of an untrained layer.
        foreach (var (path, buffer) in module.NamedBuffers())
            if (buffer.Value.DType.IsFloating()) buffer.Value.CopyFrom(Tensor.Uniform(buffer.Value.Shape, 0.5, 1.5, generator: random));
        RoundTrip.Check(module, example, LayerCases.IsOpen(name) ? null : new OnnxExportOptions { SymbolicAxes = [] },
            LayerCases.IsSameAgain(name));
    }
}
