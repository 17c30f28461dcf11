using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Import;

/// <summary>Small models, built by hand.</summary>
internal sealed class Small
{
    private readonly ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "small" } };

    public Small(int opset = 18) => model.Opsets.Add(("", opset));

    public GraphProto Graph => model.Graph!;

    public Small Input(string name, params int[] shape)
    {
        Graph.Inputs.Add(Info(name, shape));
        return this;
    }

    public Small Weight(string name, Tensor value)
    {
        Graph.Initializers.Add(TensorData.Save(name, value));
        return this;
    }

    public Small Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Inputs = [.. inputs], Outputs = [output] };
        foreach (var (name, value) in attributes) node.Attributes.Add(AttributeProto.Of(name, value));
        Graph.Nodes.Add(node);
        return this;
    }

    public byte[] File(string output)
    {
        Graph.Outputs.Add(Info(output, null));
        using var stream = new MemoryStream();
        model.Write().CopyTo(stream);
        return stream.ToArray();
    }

    public OnnxModel Load(string output) => RoundTrip.Import(File(output));

    private static ValueInfoProto Info(string name, int[]? shape) => new()
    {
        Name = name, Type = ElementType.Float, IsTensor = true,
        Shape = shape?.Select(length => length < 0 ? new OnnxDimension(null, "batch") : new OnnxDimension(length, null)).ToList(),
    };
}
