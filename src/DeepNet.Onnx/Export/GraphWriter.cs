using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DeepNet.Onnx;

/// <summary>Builds a graph: nodes, each written once, constants and names.</summary>
internal sealed class GraphWriter
{
    private readonly Dictionary<string, string[]> nodes = [];
    private readonly Dictionary<string, string> constants = [];
    private readonly HashSet<string> names = [];
    private readonly Dictionary<string, int> counts = [];

    public GraphProto Graph { get; } = new() { Name = "deepnet" };

    /// <summary>Gets or sets the module whose operators are written, which the names of nodes begin with.</summary>
    public string Place { get; set; } = "";

    /// <summary>Reserves a name.</summary>
    public void Reserve(string name)
    {
        if (!names.Add(name)) throw new ArgumentException($"[onnx] two inputs, outputs or weights are called '{name}'.");
    }

    public string Node(string op, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
        => Nodes(op, 1, inputs, attributes)[0];

    /// <summary>Adds a node, unless there is one of the same inputs and attributes, and gets its outputs.</summary>
    public string[] Nodes(string op, int outputs, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var key = new StringBuilder(op).Append('(').AppendJoin(',', inputs).Append(')');
        foreach (var (name, value) in attributes)
            key.Append(CultureInfo.InvariantCulture, $";{name}={Text(value)}");
        if (nodes.TryGetValue(key.ToString(), out string[]? known) && known.Length == outputs) return known;
        string title = Unique(Place.Length == 0 ? op : $"{Place}/{op}");
        var node = new NodeProto { OpType = op, Name = title, Inputs = [.. inputs] };
        for (int i = 0; i < outputs; i++) node.Outputs.Add(outputs == 1 ? $"{title}:0" : $"{title}:{i}");
        foreach (var (name, value) in attributes) node.Attributes.Add(AttributeProto.Of(name, value));
        Graph.Nodes.Add(node);
        string[] made = [.. node.Outputs];
        nodes[key.ToString()] = made;
        return made;
    }

    /// <summary>A constant of the graph.</summary>
    public string Constant(Tensor value)
    {
        var proto = TensorData.Save("", value);
        string key = $"{proto.Type} {value.Shape} {Text(proto)}";
        if (constants.TryGetValue(key, out string? known)) return known;
        string title = Unique("Constant");
        var node = new NodeProto { OpType = "Constant", Name = title, Outputs = [$"{title}:0"] };
        node.Attributes.Add(AttributeProto.Of("value", proto));
        Graph.Nodes.Add(node);
        return constants[key] = node.Outputs[0];
    }

    public string Longs(params long[] values) => Constant(Tensor.From<long>(values));

    private static string Text(object value) => value switch
    {
        Array list => string.Join(' ', list.Cast<object>()),
        TensorProto { Raw: { } raw } => Convert.ToHexString(SHA256.HashData(raw.Span)),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    public string Number(double value, DType dtype)
        => Constant(dtype.IsFloating() ? Tensor.FromScalar(value, dtype)
            : Tensor.FromScalar((long)Math.Clamp(value, long.MinValue, long.MaxValue), DType.Int64).To(dtype));

    /// <summary>Removes the nodes whose results nobody reads, and puts constants first.</summary>
    public void Prune()
    {
        var wanted = Graph.Outputs.Select(output => output.Name).ToHashSet();
        for (int i = Graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = Graph.Nodes[i];
            if (!node.Outputs.Exists(wanted.Contains)) Graph.Nodes.RemoveAt(i);
            else wanted.UnionWith(node.Inputs);
        }
        Graph.Initializers.RemoveAll(tensor => !wanted.Contains(tensor.Name));
    }

    private string Unique(string name)
    {
        if (names.Add(name)) return name;
        int count = counts.GetValueOrDefault(name, 1);
        string unique;
        do unique = $"{name}_{count++}"; while (!names.Add(unique));
        counts[name] = count;
        return unique;
    }
}
