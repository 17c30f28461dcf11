namespace DeepNet.Onnx;

/// <summary>One application of an operator, with its values as places in the frame of a run.</summary>
/// <param name="node">The operator as the file has it.</param>
/// <param name="body">The operator's computation.</param>
/// <param name="version">The version of the operator set that the operator is of.</param>
/// <param name="inputs">The places of the inputs; −1 for one that is left out.</param>
/// <param name="outputs">The places of the outputs; −1 for one that nobody wants.</param>
/// <param name="graphs">The graphs among its attributes, by name.</param>
internal sealed class Step(
    NodeProto node, OperatorBody body, long version, int[] inputs, int[] outputs, IReadOnlyDictionary<string, Plan> graphs)
{
    private readonly Dictionary<string, AttributeProto> attributes = Unique(node.Attributes);

    public NodeProto Node => node;

    public string Name => node.OpType;

    public OperatorBody Body { get; set; } = body;

    public long Version => version;

    public int[] Inputs { get; set; } = inputs;

    public int[] Outputs => outputs;

    public IReadOnlyDictionary<string, Plan> Graphs => graphs;

    /// <summary>Gets or sets the places whose values nobody reads after this step.</summary>
    public int[] LastUses { get; set; } = [];

    public AttributeProto? Attribute(string name) => attributes.GetValueOrDefault(name);

    /// <summary>Gets the operator and the node's name, for messages.</summary>
    public string Title => node.Name.Length > 0 ? $"{node.OpType} {IO.Damage.Quote(node.Name)}"
        : node.Outputs.Count > 0 ? $"{node.OpType} that makes {IO.Damage.Quote(node.Outputs[0])}" : node.OpType;

    private static Dictionary<string, AttributeProto> Unique(List<AttributeProto> attributes)
    {
        var unique = new Dictionary<string, AttributeProto>();
        foreach (var attribute in attributes) unique[attribute.Name] = attribute;
        return unique;
    }
}

/// <summary>The steps of a graph in order, and the places of what goes in and out.</summary>
internal sealed class Plan
{
    public List<Step> Steps { get; } = [];
    public int[] Inputs { get; set; } = [];
    public int[] Outputs { get; set; } = [];

    /// <summary>Gets all steps, those of inner graphs included.</summary>
    public IEnumerable<Step> All => Steps.SelectMany(step => step.Graphs.Values.SelectMany(graph => graph.All).Append(step));
}

/// <summary>Computes an operator. Results that are left out, and those behind the last, are null.</summary>
internal delegate Tensor?[] OperatorBody(Call call);
