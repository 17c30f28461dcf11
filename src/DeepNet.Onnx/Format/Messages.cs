namespace DeepNet.Onnx;

// The messages of the format, of which only the fields that are used are read and written; the numbers are the format's own.

/// <summary>A whole file.</summary>
internal sealed class ModelProto
{
    public long IrVersion;
    public string Producer = "", ProducerVersion = "", Domain = "", Doc = "";
    public long Version;
    public GraphProto? Graph;
    public readonly List<(string Domain, long Version)> Opsets = [];
    public readonly List<(string Key, string Value)> Metadata = [];
    public readonly List<FunctionProto> Functions = [];

    public static ModelProto Read(WireReader reader)
    {
        var model = new ModelProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: model.IrVersion = reader.Int64(); break;
                case 2: model.Producer = reader.Text(); break;
                case 3: model.ProducerVersion = reader.Text(); break;
                case 4: model.Domain = reader.Text(); break;
                case 5: model.Version = reader.Int64(); break;
                case 6: model.Doc = reader.Text(); break;
                case 7: model.Graph = GraphProto.Read(reader.Message()); break;
                case 8: model.Opsets.Add(ReadOpset(reader.Message())); break;
                case 14: model.Metadata.Add(Entries.Read(reader.Message())); break;
                case 25: model.Functions.Add(FunctionProto.Read(reader.Message())); break;
                default: reader.Skip(); break;
            }
        return model;
    }

    public static (string Domain, long Version) ReadOpset(WireReader reader)
    {
        string domain = "";
        long version = 0;
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: domain = reader.Text(); break;
                case 2: version = reader.Int64(); break;
                default: reader.Skip(); break;
            }
        return (domain, version);
    }

    public WireWriter Write()
    {
        var writer = new WireWriter();
        writer.Int64(1, IrVersion);
        writer.TextIfAny(2, Producer);
        writer.TextIfAny(3, ProducerVersion);
        writer.TextIfAny(4, Domain);
        if (Version != 0) writer.Int64(5, Version);
        writer.TextIfAny(6, Doc);
        writer.Message(7, Graph!.Write());
        foreach (var (domain, version) in Opsets)
        {
            var opset = new WireWriter();
            opset.TextIfAny(1, domain);
            opset.Int64(2, version);
            writer.Message(8, opset);
        }
        foreach (var (key, value) in Metadata) writer.Message(14, Entries.Write(key, value));
        return writer;
    }
}

/// <summary>Operators, the tensors that they begin with, and the names of what goes in and out.</summary>
internal sealed class GraphProto
{
    public string Name = "", Doc = "";
    public readonly List<NodeProto> Nodes = [];
    public readonly List<TensorProto> Initializers = [];
    public readonly List<ValueInfoProto> Inputs = [], Outputs = [];
    public bool HasSparseInitializers;

    public static GraphProto Read(WireReader reader)
    {
        var graph = new GraphProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: graph.Nodes.Add(NodeProto.Read(reader.Message())); break;
                case 2: graph.Name = reader.Text(); break;
                case 5: graph.Initializers.Add(TensorProto.Read(reader.Message())); break;
                case 10: graph.Doc = reader.Text(); break;
                case 11: graph.Inputs.Add(ValueInfoProto.Read(reader.Message())); break;
                case 12: graph.Outputs.Add(ValueInfoProto.Read(reader.Message())); break;
                case 15:
                    graph.HasSparseInitializers = true;
                    reader.Skip();
                    break;
                default: reader.Skip(); break;
            }
        return graph;
    }

    public WireWriter Write()
    {
        var writer = new WireWriter();
        foreach (var node in Nodes) writer.Message(1, node.Write());
        writer.Text(2, Name);
        foreach (var tensor in Initializers) writer.Message(5, tensor.Write());
        writer.TextIfAny(10, Doc);
        foreach (var input in Inputs) writer.Message(11, input.Write());
        foreach (var output in Outputs) writer.Message(12, output.Write());
        return writer;
    }
}

/// <summary>An operator that the file itself defines by others.</summary>
internal sealed class FunctionProto
{
    public string Name = "", Domain = "", Overload = "";
    public readonly List<string> Inputs = [], Outputs = [];
    public readonly List<NodeProto> Nodes = [];
    public readonly List<(string Domain, long Version)> Opsets = [];
    public readonly List<AttributeProto> Defaults = [];

    public static FunctionProto Read(WireReader reader)
    {
        var function = new FunctionProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: function.Name = reader.Text(); break;
                case 4: function.Inputs.Add(reader.Text()); break;
                case 5: function.Outputs.Add(reader.Text()); break;
                case 7: function.Nodes.Add(NodeProto.Read(reader.Message())); break;
                case 9: function.Opsets.Add(ModelProto.ReadOpset(reader.Message())); break;
                case 10: function.Domain = reader.Text(); break;
                case 11: function.Defaults.Add(AttributeProto.Read(reader.Message())); break;
                case 13: function.Overload = reader.Text(); break;
                default: reader.Skip(); break;
            }
        return function;
    }
}

/// <summary>One application of an operator. An empty name among the inputs is one that is left out.</summary>
internal sealed class NodeProto
{
    public string Name = "", OpType = "", Domain = "", Overload = "";
    public List<string> Inputs = [], Outputs = [];
    public List<AttributeProto> Attributes = [];

    public static NodeProto Read(WireReader reader)
    {
        var node = new NodeProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: node.Inputs.Add(reader.Text()); break;
                case 2: node.Outputs.Add(reader.Text()); break;
                case 3: node.Name = reader.Text(); break;
                case 4: node.OpType = reader.Text(); break;
                case 5: node.Attributes.Add(AttributeProto.Read(reader.Message())); break;
                case 7: node.Domain = reader.Text(); break;
                case 8: node.Overload = reader.Text(); break;
                default: reader.Skip(); break;
            }
        return node;
    }

    public WireWriter Write()
    {
        var writer = new WireWriter();
        foreach (string input in Inputs) writer.Text(1, input);
        foreach (string output in Outputs) writer.Text(2, output);
        writer.TextIfAny(3, Name);
        writer.Text(4, OpType);
        foreach (var attribute in Attributes) writer.Message(5, attribute.Write());
        writer.TextIfAny(7, Domain);
        return writer;
    }
}

/// <summary>The kinds of attribute that are used.</summary>
internal enum AttributeKind
{
    None = 0,
    Float = 1,
    Int = 2,
    Text = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Texts = 8,
}

/// <summary>A constant of an operator, by name.</summary>
internal sealed class AttributeProto
{
    public string Name = "", Reference = "", Text = "";
    public AttributeKind Kind;
    public float Float;
    public long Int;
    public TensorProto? Tensor;
    public GraphProto? Graph;
    public List<float> Floats = [];
    public List<long> Ints = [];
    public List<string> Texts = [];

    public static AttributeProto Read(WireReader reader)
    {
        var attribute = new AttributeProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: attribute.Name = reader.Text(); break;
                case 2: attribute.Float = reader.Single(); break;
                case 3: attribute.Int = reader.Int64(); break;
                case 4: attribute.Text = reader.Text(); break;
                case 5: attribute.Tensor = TensorProto.Read(reader.Message()); break;
                case 6: attribute.Graph = GraphProto.Read(reader.Message()); break;
                case 7: reader.AddTo(attribute.Floats); break;
                case 8: reader.AddTo(attribute.Ints); break;
                case 9: attribute.Texts.Add(reader.Text()); break;
                case 20: attribute.Kind = (AttributeKind)reader.Int64(); break;
                case 21: attribute.Reference = reader.Text(); break;
                default: reader.Skip(); break;
            }
        return attribute;
    }

    public WireWriter Write()
    {
        var writer = new WireWriter();
        writer.Text(1, Name);
        switch (Kind)
        {
            case AttributeKind.Float: writer.Single(2, Float); break;
            case AttributeKind.Int: writer.Int64(3, Int); break;
            case AttributeKind.Text: writer.Text(4, Text); break;
            case AttributeKind.Tensor: writer.Message(5, Tensor!.Write()); break;
            case AttributeKind.Floats: writer.Singles(7, Floats); break;
            case AttributeKind.Ints: writer.Int64s(8, Ints); break;
            default: throw new InvalidOperationException($"[onnx] the attribute '{Name}' of kind {Kind} cannot be written.");
        }
        writer.Int64(20, (long)Kind);
        return writer;
    }

    public static AttributeProto Of(string name, object value) => value switch
    {
        int number => new() { Name = name, Kind = AttributeKind.Int, Int = number },
        long number => new() { Name = name, Kind = AttributeKind.Int, Int = number },
        bool flag => new() { Name = name, Kind = AttributeKind.Int, Int = flag ? 1 : 0 },
        float number => new() { Name = name, Kind = AttributeKind.Float, Float = number },
        double number => new() { Name = name, Kind = AttributeKind.Float, Float = (float)number },
        string text => new() { Name = name, Kind = AttributeKind.Text, Text = text },
        int[] numbers => new() { Name = name, Kind = AttributeKind.Ints, Ints = [.. numbers.Select(number => (long)number)] },
        long[] numbers => new() { Name = name, Kind = AttributeKind.Ints, Ints = [.. numbers] },
        TensorProto tensor => new() { Name = name, Kind = AttributeKind.Tensor, Tensor = tensor },
        _ => throw new ArgumentException($"[onnx] an attribute cannot be a {value.GetType().Name}."),
    };
}

/// <summary>The name, element type and shape of an input or output.</summary>
internal sealed class ValueInfoProto
{
    public string Name = "";
    public ElementType Type;
    public bool IsTensor;

    /// <summary>The lengths, of which each is a number, a symbol or unknown; null if not even their number is known.</summary>
    public List<OnnxDimension>? Shape;

    public static ValueInfoProto Read(WireReader reader)
    {
        var info = new ValueInfoProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: info.Name = reader.Text(); break;
                case 2: info.ReadType(reader.Message()); break;
                default: reader.Skip(); break;
            }
        return info;
    }

    private void ReadType(WireReader reader)
    {
        while (reader.Next(out int field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }
            IsTensor = true;
            var tensor = reader.Message();
            while (tensor.Next(out int part))
                switch (part)
                {
                    case 1: Type = (ElementType)tensor.Int64(); break;
                    case 2: ReadShape(tensor.Message()); break;
                    default: tensor.Skip(); break;
                }
        }
    }

    private void ReadShape(WireReader reader)
    {
        Shape = [];
        while (reader.Next(out int field))
        {
            if (field != 1)
            {
                reader.Skip();
                continue;
            }
            var dimension = default(OnnxDimension);
            var message = reader.Message();
            while (message.Next(out int part))
                switch (part)
                {
                    case 1:
                        long length = message.Int64();
                        dimension = length is < 0 or > int.MaxValue ? default : new((int)length, null);
                        break;
                    case 2: dimension = new(null, message.Text()); break;
                    default: message.Skip(); break;
                }
            Shape.Add(dimension);
        }
    }

    public WireWriter Write()
    {
        var shape = new WireWriter();
        foreach (var dimension in Shape ?? [])
        {
            var message = new WireWriter();
            if (dimension.Length is { } length) message.Int64(1, length);
            else if (dimension.Symbol is { } symbol) message.Text(2, symbol);
            shape.Message(1, message);
        }
        WireWriter tensor = new(), type = new(), writer = new();
        tensor.Int64(1, (long)Type);
        if (Shape is not null) tensor.Message(2, shape);
        type.Message(1, tensor);
        writer.Text(1, Name);
        writer.Message(2, type);
        return writer;
    }
}

/// <summary>A tensor with its elements, which are raw bytes, numbers in a field of their type, or in another file.</summary>
internal sealed class TensorProto
{
    public string Name = "";
    public ElementType Type;
    public List<long> Lengths = [];
    public ReadOnlyMemory<byte>? Raw;
    public readonly List<float> Floats = [];
    public readonly List<double> Doubles = [];
    public readonly List<long> Integers = [];
    public readonly List<(string Key, string Value)> External = [];
    public bool IsExternal;

    public static TensorProto Read(WireReader reader)
    {
        var tensor = new TensorProto();
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: reader.AddTo(tensor.Lengths); break;
                case 2: tensor.Type = (ElementType)reader.Int64(); break;
                case 4: reader.AddTo(tensor.Floats); break;
                case 5 or 7 or 11: reader.AddTo(tensor.Integers); break;
                case 8: tensor.Name = reader.Text(); break;
                case 9: tensor.Raw = reader.Bytes(); break;
                case 10: reader.AddTo(tensor.Doubles); break;
                case 13: tensor.External.Add(Entries.Read(reader.Message())); break;
                case 14: tensor.IsExternal = reader.Int64() == 1; break;
                default: reader.Skip(); break;
            }
        // Field 6 holds texts, which are refused by their type.
        return tensor;
    }

    public WireWriter Write()
    {
        var writer = new WireWriter();
        writer.Int64s(1, Lengths);
        writer.Int64(2, (long)Type);
        writer.TextIfAny(8, Name);
        if (Raw is { } raw) writer.Bytes(9, raw);
        foreach (var (key, value) in External) writer.Message(13, Entries.Write(key, value));
        if (IsExternal) writer.Int64(14, 1);
        return writer;
    }
}

/// <summary>Pairs of texts.</summary>
internal static class Entries
{
    public static (string Key, string Value) Read(WireReader reader)
    {
        string key = "", value = "";
        while (reader.Next(out int field))
            switch (field)
            {
                case 1: key = reader.Text(); break;
                case 2: value = reader.Text(); break;
                default: reader.Skip(); break;
            }
        return (key, value);
    }

    public static WireWriter Write(string key, string value)
    {
        var writer = new WireWriter();
        writer.Text(1, key);
        writer.Text(2, value);
        return writer;
    }
}
