using DeepNet.Fuzz.Mutation;
using DeepNet.Nn;
using DeepNet.Onnx;

namespace DeepNet.Fuzz.Formats;

/// <summary>ONNX models: damaged bytes, and whole files whose graphs, attributes and tensors lie.</summary>
public class OnnxFormat : Format
{
    public override string Name => "onnx";

    // An empty node or attribute of two bytes becomes an object with its lists, and a step.
    public override Bound Managed => new(600, 4 << 20);

    // What is folded at loading has a limit for each operator.
    public override Bound Tensors => new(64, 16 << 20);

    public override bool IsDocumented(Exception e) => e is InvalidDataException or NotSupportedException or FileNotFoundException;

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        Export(new Sequential(new Linear(4, 3), new Relu(), new LayerNorm(3)), Tensor.Ones(2, 4)),
        Export(new Sequential(new Conv2d(2, 3, 3), new BatchNorm2d(3), new MaxPool2d(2), new Flatten(), new Linear(3, 2)),
            Tensor.Ones(1, 2, 4, 4)),
        Export(new Gru(3, 2, batchFirst: true), Tensor.Ones(1, 2, 3)),
    ];

    private static byte[] Export(Module module, Tensor example)
    {
        using var stream = new MemoryStream();
        OnnxExport.Save(module, stream, new OnnxExportOptions(), example);
        return stream.ToArray();
    }

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        switch (chance.Next(6))
        {
            case 0: return ByteMutation.Mutate(seed, chance);
            case 1: return ByteMutation.Truncate(seed, chance);
            case 2 when chance.OneIn(4): return Empty(chance);
        }
        var model = ModelProto.Read(new WireReader(seed, "seed"));
        for (int i = chance.Next(1, 4); i > 0; i--) Damage(model.Graph!, chance);
        using var stream = new MemoryStream();
        model.Write().CopyTo(stream);
        return stream.ToArray();
    }

    // As many messages without content as two bytes each can say: nodes, initializers, inputs, outputs.
    private static byte[] Empty(Chance chance)
    {
        var graph = new WireWriter();
        int field = chance.Pick(new[] { 1, 5, 11, 12 });
        for (int i = chance.Next(20_000); i > 0; i--) graph.Message(field, new WireWriter());
        var model = new WireWriter();
        model.Message(7, graph);
        using var stream = new MemoryStream();
        model.CopyTo(stream);
        return stream.ToArray();
    }

    private static void Damage(GraphProto graph, Chance chance)
    {
        var node = chance.Pick(graph.Nodes);
        switch (chance.Next(8))
        {
            case 0:
                node.OpType = chance.Pick(OperatorTable.Instance.Names.ToList());
                break;
            case 1 when node.Inputs.Count > 0:
                node.Inputs[chance.Next(node.Inputs.Count)] = chance.OneIn(3) ? Names.Any(chance)
                    : chance.Pick(chance.Pick(graph.Nodes).Outputs);
                break;
            case 2:
                node.Attributes.Add(AttributeProto.Of(chance.Pick(new[] { "axis", "to", "group", "value_int", "pads" }), chance.Odd()));
                break;
            case 3 when node.Attributes.Find(attribute => attribute.Ints.Count > 0) is { } attribute:
                attribute.Ints[chance.Next(attribute.Ints.Count)] = chance.Odd();
                break;
            case 4 when graph.Initializers.Count > 0:
                var tensor = chance.Pick(graph.Initializers);
                if (chance.OneIn(2)) tensor.Lengths.Add(chance.Odd());
                else tensor.Type = (ElementType)chance.Next(30);
                break;
            case 5 when graph.Initializers.Count > 0:
                var external = chance.Pick(graph.Initializers);
                external.External.AddRange([("location", chance.Pick(new[] { "../input", "/etc/passwd", "input", "", "a/../../b" })),
                    ("offset", $"{chance.Odd()}")]);
                (external.IsExternal, external.Raw) = (true, null);
                break;
            case 6 when node.Attributes.Find(attribute => attribute.Tensor is not null) is { } attribute:
                attribute.Tensor!.Raw = chance.Bytes(chance.Next(40));
                break;
            default:
                graph.Nodes.Insert(chance.Next(graph.Nodes.Count), chance.Pick(graph.Nodes));
                break;
        }
    }

    public override void Read(string path)
    {
        var model = OnnxModel.Load(path);
        foreach (var (name, parameter) in model.NamedParameters())
            Require(name.Length > 0 && parameter.Value.Count * parameter.Value.DType.Size() <= new FileInfo(path).Length,
                "a parameter has more elements than bytes");
        Require(model.Outputs.Count < 1 << 20, "there are more outputs than bytes");
    }
}
