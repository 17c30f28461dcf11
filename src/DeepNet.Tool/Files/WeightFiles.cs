using System.Globalization;
using DeepNet.IO;

namespace DeepNet.Tool.Files;

/// <summary>Reads safetensors files, checkpoints among them, and files of PyTorch.</summary>
internal static class WeightFiles
{
    private const string ModelPrefix = "model/", OwnMetadata = "deepnet.";

    public static FileContents InspectSafeTensors(string path, bool withStatistics)
    {
        var entries = SafeTensors.Describe(path, out var metadata);
        List<(string, string)> facts = [];
        if (CheckpointMark.IsIn(metadata)) facts.AddRange(Facts(Checkpoint.RecordOf(path)));
        facts.AddRange(metadata.Where(m => !m.Key.StartsWith(OwnMetadata, StringComparison.Ordinal)).Select(m => (m.Key, m.Value)));
        var tensors = withStatistics ? SafeTensors.Load(path) : null;
        return new(facts, [.. entries.Select(e => new FilePart(
            e.Name, e.StoredType, [.. e.Shape.Select(l => (long)l)], tensors is null ? null : Statistics.Of(tensors[e.Name])))]);
    }

    /// <summary>Reads tensors; of a checkpoint those of its model, under the names that they have in it.</summary>
    public static (IReadOnlyDictionary<string, Tensor>, string?) SafeTensorsToConvert(string path)
    {
        var tensors = SafeTensors.Load(path, out var metadata);
        if (!CheckpointMark.IsIn(metadata)) return (tensors, metadata.Count > 0 ? $"{metadata.Count} texts of its metadata" : null);
        var model = tensors.Where(t => t.Key.StartsWith(ModelPrefix, StringComparison.Ordinal)).ToDictionary(
            t => t.Key[ModelPrefix.Length..], t => t.Value);
        return model.Count > 0
            ? (model, $"all of the checkpoint but its model: {tensors.Count - model.Count} tensors and the record of the run")
            : throw new NotSupportedException($"{path} is a checkpoint without a model.");
    }

    public static FileContents InspectTorch(string path, bool withStatistics)
    {
        var tensors = TorchFile.Load(path, out var values);
        return FileContents.Of(
            tensors, withStatistics, [.. values.Select(v => (v.Key, v.Value switch
            {
                null => "None",
                byte[] bytes => $"{bytes.Length} bytes",
                var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            }))]);
    }

    public static (IReadOnlyDictionary<string, Tensor>, string?) TorchToConvert(string path)
    {
        var tensors = TorchFile.Load(path, out var values);
        return (tensors, values.Count > 0 ? $"{values.Count} values that are no tensors" : null);
    }

    private static IEnumerable<(string, string)> Facts(CheckpointRecord record)
    {
        yield return ("checkpoint", string.Create(CultureInfo.InvariantCulture, $"epoch {record.Epoch}, step {record.Step}"));
        if (record.Measure is { } measure) yield return ("measure", measure.ToString(CultureInfo.InvariantCulture));
        yield return ("models", string.Join(", ", record.Models));
        if (record.States.Count > 0) yield return ("states", string.Join(", ", record.States.Select(s => $"{s.Key} ({s.Value.Kind})")));
        yield return ("generators", string.Join(", ", record.Generators.Keys));
        if (record.Texts.ContainsKey(Training.History.CheckpointText)) yield return ("history", "deepnet runs shows it");
    }
}
