using DeepNet.Nn;

namespace DeepNet.Onnx.Tests.Support;

/// <summary>Exports a module, imports it and compares both; at two batch sizes, neither of them that of the export.</summary>
internal static class RoundTrip
{
    public static byte[] Export(Module module, OnnxExportOptions? options, params Tensor[] examples)
    {
        using var stream = new MemoryStream();
        OnnxExport.Save(module, stream, options ?? new OnnxExportOptions(), examples);
        return stream.ToArray();
    }

    public static OnnxModel Import(byte[] file) => OnnxModel.Load(new MemoryStream(file));

    /// <summary>Checks the outputs for an example, and for one of three times as many along its first axis.</summary>
    public static void Check(Module module, Tensor example, OnnxExportOptions? options = null, bool isSameAgain = true,
        double tolerance = 1e-5)
    {
        byte[] file = Export(module, options, example);
        var imported = Import(file);
        module.Eval();
        using var noGrad = Autograd.NoGrad();
        Same(module.Forward(example), imported.Forward(example), tolerance);
        if (options?.SymbolicAxes is not { Count: 0 })
        {
            var more = Tensor.Cat([example, example * 0.5f, example], 0).To(example.DType);
            Same(module.Forward(more), imported.Forward(more), tolerance);
        }
        if (!isSameAgain) return;
        // What was read is written as the same graph again.
        byte[] again = Export(imported, (options ?? new()) with { InputNames = null, OutputNames = null }, example);
        Assert.Equal(string.Join(" ", Describe(file)), string.Join(" ", Describe(again)));
    }

    public static void Same(Tensor expected, Tensor got, double tolerance)
    {
        Assert.Equal(expected.Shape, got.Shape);
        Assert.Equal(expected.DType, got.DType);
        double[] a = expected.ToArray<double>(), b = got.ToArray<double>();
        for (int i = 0; i < a.Length; i++)
            Assert.True(a[i].Equals(b[i]) || Math.Abs(a[i] - b[i]) <= tolerance * (1 + Math.Abs(a[i])), $"{a[i]} and {b[i]} at {i}");
    }

    /// <summary>The operators of a file in order.</summary>
    public static List<string> Describe(byte[] file)
        => [.. ModelProto.Read(new WireReader(file, "test")).Graph!.Nodes.Select(node => node.OpType).Where(
            op => op is not "Constant" and not "Identity").Order()];
}
