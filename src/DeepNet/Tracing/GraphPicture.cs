using System.Globalization;
using System.Text;

namespace DeepNet;

/// <summary>
/// A drawing of what a function computes of its inputs: its operators with the shapes of their results, grouped by the modules that they
/// ran in. As text that Mermaid (Markdown pages on GitHub and elsewhere) or Graphviz draw.
/// </summary>
/// <remarks>What does not depend on the inputs, such as what is computed of parameters alone, is left out.</remarks>
/// <example><code>
/// File.WriteAllText("model.md", $"```mermaid\n{model.Picture(x)}```\n");
/// File.WriteAllText("model.dot", model.Picture(x).ToDot());       // dot -Tsvg model.dot > model.svg
/// </code></example>
public sealed class GraphPicture
{
    private readonly List<(string Label, string Path)> boxes = [];
    private readonly List<(int From, int To)> arrows = [];

    private GraphPicture() { }

    /// <summary>Runs a function once, without recording gradients, and draws it.</summary>
    /// <param name="function">The function.</param>
    /// <param name="inputs">Its inputs.</param>
    public static GraphPicture Of(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        var (log, output) = Run(function, inputs);
        var picture = new GraphPicture();
        var makers = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < inputs.Length; i++)
            makers[inputs[i]] = picture.Add(inputs.Length == 1 ? "input" : $"input {i}", inputs[i], "");
        foreach (var step in log.Steps) picture.Add(step, makers);
        int end = picture.Add("output", output, "");
        if (makers.TryGetValue(output, out int last)) picture.arrows.Add((last, end));
        return picture;
    }

    /// <summary>Gets the number of operators, inputs and outputs.</summary>
    public int Boxes => boxes.Count;

    /// <summary>Gets the number of values that go from one to another.</summary>
    public int Arrows => arrows.Count;

    /// <summary>Returns the drawing as a Mermaid graph.</summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("graph TD\n");
        WriteGroup(text, "", 0, 1,
            (group, depth) => Indent(depth).Append(CultureInfo.InvariantCulture, $"subgraph {Id(group)}[\"{Quoted(group)}\"]\n"),
            (i, depth) => Indent(depth).Append(CultureInfo.InvariantCulture, $"n{i}[\"{Quoted(boxes[i].Label)}\"]\n"), "end");
        foreach (var (from, to) in arrows) text.Append(CultureInfo.InvariantCulture, $"  n{from} --> n{to}\n");
        return text.ToString();

        StringBuilder Indent(int depth) => text.Append(' ', 2 * depth);
        static string Quoted(string label)
            => label.Replace("\"", "#quot;", StringComparison.Ordinal).Replace("\n", "<br/>", StringComparison.Ordinal);
    }

    /// <summary>Returns the drawing in the language of Graphviz.</summary>
    public string ToDot()
    {
        var text = new StringBuilder("digraph {\n  node [shape=box];\n");
        WriteGroup(text, "", 0, 1,
            (group, depth) => Indent(depth)
                .Append(CultureInfo.InvariantCulture, $"subgraph \"cluster_{Quoted(group)}\" {{ label=\"{Quoted(group)}\";\n"),
            (i, depth) => Indent(depth).Append(CultureInfo.InvariantCulture, $"n{i} [label=\"{Quoted(boxes[i].Label)}\"];\n"), "}");
        foreach (var (from, to) in arrows) text.Append(CultureInfo.InvariantCulture, $"  n{from} -> n{to};\n");
        return text.Append("}\n").ToString();

        StringBuilder Indent(int depth) => text.Append(' ', 2 * depth);
        static string Quoted(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    /// <summary>Returns the drawing as a Mermaid graph.</summary>
    public override string ToString() => ToMermaid();

    private static (Log Log, Tensor Output) Run(Func<Tensor[], Tensor> function, Tensor[] inputs)
    {
        var log = new Log();
        var thread = ThreadContext.Current;
        bool wasGradOff = thread.IsGradOff;
        thread.IsGradOff = true;
        try
        {
            using var recording = Recording.Begin(log);
            return (log, function(inputs) ?? throw new ArgumentException("[picture] the function returned null."));
        }
        finally
        {
            thread.IsGradOff = wasGradOff;
        }
    }

    private void Add(OperatorEvent step, Dictionary<Tensor, int> makers)
    {
        var from = step.Inputs.Where(makers.ContainsKey).Select(input => makers[input]).Distinct().ToList();
        if (from.Count == 0) return;
        int box = Add(step.Name, step.Output, step.ModulePath ?? "");
        arrows.AddRange(from.Select(maker => (maker, box)));
        makers[step.Output] = box;
    }

    private int Add(string name, Tensor value, string path)
    {
        boxes.Add(($"{name}\n{value.Shape}{(value.DType == DType.Float32 ? "" : $" {value.DType.Name()}")}", path));
        return boxes.Count - 1;
    }

    // The boxes of a module, then the modules inside it.
    private void WriteGroup(
        StringBuilder text, string group, int from, int depth, Action<string, int> open, Action<int, int> box, string close)
    {
        for (int i = 0; i < boxes.Count; i++) if (boxes[i].Path == group) box(i, depth);
        string start = group.Length == 0 ? "" : group + ".";
        var inside = boxes.Select(b => b.Path).Where(path => path.Length > from && path.StartsWith(start, StringComparison.Ordinal))
            .Select(path => path.IndexOf('.', from) is > 0 and int dot ? path[..dot] : path).Distinct();
        foreach (string inner in inside)
        {
            open(inner, depth);
            WriteGroup(text, inner, inner.Length + 1, depth + 1, open, box, close);
            text.Append(' ', 2 * depth).Append(close).Append('\n');
        }
    }

    private static string Id(string path) => "m_" + string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private sealed class Log : Recorder
    {
        public List<OperatorEvent> Steps { get; } = [];

        public override void Applied(OperatorEvent step)
        {
            if (step.Depth == 0) Steps.Add(step);
        }
    }
}
