using DeepNet.IO;

namespace DeepNet.Onnx;

/// <summary>
/// Turns the graph of a file into a plan: values become places, functions that the file defines are put in, and what cannot be read is
/// gathered, so that all of it can be said at once.
/// </summary>
internal sealed class GraphCompiler
{
    private const int DeepestGraph = 32;

    private readonly Dictionary<(string Domain, string Name), FunctionProto> functions = [];
    private readonly SortedDictionary<string, int> unsupported = new(StringComparer.Ordinal);
    private readonly ModelProto model;
    private readonly string path;
    private readonly string? folder;
    private readonly OnnxLimits limits;
    private int nodes;

    public GraphCompiler(ModelProto model, string path, string? folder, OnnxLimits limits)
    {
        (this.model, this.path, this.folder, this.limits) = (model, path, folder, limits);
        foreach (var function in model.Functions) functions[(function.Domain, function.Name)] = function;
    }

    /// <summary>Gets the values that files give, initializers of all graphs, by their places.</summary>
    public Dictionary<int, (TensorProto Proto, bool IsOuter)> Given { get; } = [];

    /// <summary>Gets the number of places.</summary>
    public int Places { get; private set; }

    /// <summary>Gets the places of the names of the outermost graph.</summary>
    public Dictionary<string, int> Names { get; private set; } = [];

    public Plan Compile()
    {
        var graph = model.Graph ?? throw new InvalidDataException($"[onnx] {path} has no graph: it is not an ONNX model.");
        var scope = new Scope(null);
        var plan = Compile(graph, scope, Version(model.Opsets, ""), 0);
        Names = scope.Places;
        if (unsupported.Count == 0) return plan;
        string list = string.Join(", ", unsupported.Select(entry => entry.Value == 1 ? entry.Key : $"{entry.Key} (×{entry.Value})"));
        throw new NotSupportedException(
            Printable.Text($"[onnx] {path} needs what cannot be read: {list}. docs/onnx.md lists the operators that can."));
    }

    private Plan Compile(GraphProto graph, Scope scope, long version, int depth)
    {
        if (depth > DeepestGraph) throw Wrong($"graphs nest more than {DeepestGraph} deep");
        if (graph.HasSparseInitializers) Count("sparse initializers");
        var plan = new Plan { Inputs = [.. graph.Inputs.Select(input => Define(scope, input.Name))] };
        foreach (var tensor in graph.Initializers)
        {
            if (!ElementTypes.TryGet(tensor.Type, out _, out _)) Count($"tensors of {ElementTypes.NameOf(tensor.Type)}");
            int place = scope.Places.TryGetValue(tensor.Name, out int known) ? known : Define(scope, tensor.Name);
            Given[place] = (tensor, depth == 0);
        }
        foreach (var node in graph.Nodes) Add(plan, node, scope, version, depth);
        plan.Outputs = [.. graph.Outputs.Select(output => Find(scope, output.Name, "an output of the graph"))];
        if (plan.Outputs.Contains(-1)) throw Wrong("an output of the graph is an input of a function that is left out");
        return plan;
    }

    private void Add(Plan plan, NodeProto node, Scope scope, long version, int depth)
    {
        if (++nodes > limits.MaxNodes) throw Wrong($"it has more than {limits.MaxNodes:N0} operators, the limit of OnnxLimits.MaxNodes");
        if (functions.TryGetValue((node.Domain, node.OpType), out var function))
        {
            Expand(plan, node, function, scope, depth);
            return;
        }
        OperatorBody? body = null;
        if (node.Domain is not ("" or "ai.onnx")) Count($"{node.Domain}.{node.OpType}");
        else if (!OperatorTable.Instance.TryGet(node.OpType, out body)) Count(node.OpType);
        else if (OperatorTable.Instance.WhyNot(node, version) is { } why) Count($"{node.OpType} {why}");
        var graphs = new Dictionary<string, Plan>();
        foreach (var attribute in node.Attributes)
            if (attribute.Graph is { } graph) graphs[attribute.Name] = Compile(graph, new Scope(scope), version, depth + 1);
        int[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? -1 : Find(scope, name, $"an input of {node.OpType}"))];
        int[] outputs = [.. node.Outputs.Select(name => name.Length == 0 ? -1 : Define(scope, name))];
        plan.Steps.Add(new Step(node, body ?? Missing, version, inputs, outputs, graphs));
    }

    // The body of a function has names and attributes of its own.
    private void Expand(Plan plan, NodeProto node, FunctionProto function, Scope scope, int depth)
    {
        if (depth > DeepestGraph) throw Wrong($"functions nest more than {DeepestGraph} deep");
        var inner = new Scope(null);
        for (int i = 0; i < function.Inputs.Count; i++)
        {
            string given = i < node.Inputs.Count ? node.Inputs[i] : "";
            inner.Places[function.Inputs[i]] = given.Length == 0 ? -1 : Find(scope, given, $"an input of {node.OpType}");
        }
        long version = Version(function.Opsets.Count > 0 ? function.Opsets : model.Opsets, "");
        var attributes = function.Defaults.Concat(node.Attributes).GroupBy(attribute => attribute.Name).ToDictionary(
            g => g.Key, g => g.Last());
        foreach (var part in function.Nodes)
            Add(plan, part.Attributes.Any(attribute => attribute.Reference.Length > 0) ? WithAttributes(part, attributes) : part, inner,
                version, depth + 1);
        for (int i = 0; i < node.Outputs.Count && i < function.Outputs.Count; i++)
            if (node.Outputs[i].Length > 0) scope.Places[node.Outputs[i]] = Find(
                inner, function.Outputs[i], $"an output of {function.Name}");
    }

    private static NodeProto WithAttributes(NodeProto node, Dictionary<string, AttributeProto> given)
    {
        var copy = new NodeProto
        {
            Name = node.Name, OpType = node.OpType, Domain = node.Domain, Inputs = node.Inputs, Outputs = node.Outputs,
        };
        foreach (var attribute in node.Attributes)
        {
            if (attribute.Reference.Length == 0) copy.Attributes.Add(attribute);
            else if (given.TryGetValue(attribute.Reference, out var value))
                copy.Attributes.Add(new AttributeProto
                {
                    Name = attribute.Name, Kind = value.Kind, Int = value.Int, Float = value.Float, Text = value.Text,
                    Tensor = value.Tensor,
                    Graph = value.Graph, Ints = value.Ints, Floats = value.Floats, Texts = value.Texts,
                });
        }
        return copy;
    }

    /// <summary>Loads the elements of an initializer.</summary>
    public Tensor Load(TensorProto proto) => TensorData.Load(proto, path, folder, limits);

    private int Define(Scope scope, string name)
    {
        if (!scope.Places.TryAdd(name, Places)) throw Wrong($"two values are called {Damage.Quote(name)}");
        return Places++;
    }

    private int Find(Scope scope, string name, string what)
    {
        for (var at = scope; at is not null; at = at.Outer)
            if (at.Places.TryGetValue(name, out int place)) return place;
        throw Wrong($"{what} is called {Damage.Quote(name)}, which nothing before it makes");
    }

    private void Count(string what) => unsupported[what] = unsupported.GetValueOrDefault(what) + 1;

    private InvalidDataException Wrong(string what) => new(Printable.Text($"[onnx] {path}: {what}."));

    private static Tensor?[] Missing(Call call) => throw new NotSupportedException("the operator cannot be read.");

    public static long Version(IEnumerable<(string Domain, long Version)> opsets, string domain)
        => opsets.Where(opset => opset.Domain == domain || (domain.Length == 0 && opset.Domain == "ai.onnx"))
            .Select(opset => opset.Version).DefaultIfEmpty(1).Max();

    private sealed class Scope(Scope? outer)
    {
        public Scope? Outer => outer;
        public Dictionary<string, int> Places { get; } = [];
    }
}
