using System.Globalization;
using DeepNet.IO;
using DeepNet.Onnx;

namespace DeepNet.Tool.Files;

/// <summary>Reads ONNX files, whether or not all of their operators can be run.</summary>
internal static class OnnxContents
{
    public static FileContents Inspect(string path, bool withStatistics)
    {
        var (model, graph) = Read(path);
        var operators = graph.Nodes.CountBy(n => n.OpType).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal);
        List<(string, string)> facts =
        [
            ("producer", $"{model.Producer} {model.ProducerVersion}".Trim()),
            ("operator sets", string.Join(", ", model.Opsets.Select(o => $"{(o.Domain.Length == 0 ? "ai.onnx" : o.Domain)} {o.Version}"))),
            .. graph.Inputs.Where(i => graph.Initializers.TrueForAll(t => t.Name != i.Name)).Select(i => ("input", Text(i))),
            .. graph.Outputs.Select(o => ("output", Text(o))),
            ("operators", string.Create(CultureInfo.InvariantCulture,
                $"{graph.Nodes.Count}: {string.Join(", ", operators.Select(o => $"{o.Key} {o.Value}"))}")),
            .. model.Metadata.Select(m => (m.Key, m.Value)),
        ];
        return new(facts, [.. graph.Initializers.Select(i => Part(i, path, withStatistics))]);
    }

    public static (IReadOnlyDictionary<string, Tensor>, string?) ToConvert(string path)
    {
        var (_, graph) = Read(path);
        return (graph.Initializers.ToDictionary(i => i.Name, i => Load(i, path)), $"the graph of {graph.Nodes.Count} operators");
    }

    private static (ModelProto, GraphProto) Read(string path)
    {
        var model = ModelProto.Read(new WireReader(File.ReadAllBytes(path), path));
        return (model, model.Graph ?? throw new InvalidDataException($"[onnx] {path} has no graph."));
    }

    private static FilePart Part(TensorProto proto, string path, bool withStatistics)
    {
        string type = ElementTypes.NameOf(proto.Type);
        return withStatistics && ElementTypes.TryGet(proto.Type, out _, out _)
            ? FilePart.Of(proto.Name, Load(proto, path), withStatistics, type)
            : new FilePart(proto.Name, type, proto.Lengths);
    }

    private static Tensor Load(TensorProto proto, string path)
        => TensorData.Load(proto, path, Path.GetDirectoryName(Path.GetFullPath(path)), OnnxLimits.Default);

    private static string Text(ValueInfoProto value)
        => $"{value.Name} {(value.IsTensor ? ElementTypes.NameOf(value.Type) : "(no tensor)")} "
            + $"({(value.Shape is null ? "…" : string.Join(", ", value.Shape))})";
}
