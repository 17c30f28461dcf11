using System.Text;
using DeepNet.Fuzz.Mutation;
using DeepNet.IO;
using DeepNet.Models;
using DeepNet.Nn;

namespace DeepNet.Fuzz.Formats;

/// <summary>The index of weights in shards. Shards are those beside it, whatever it says.</summary>
public sealed class WeightIndexFormat : Format
{
    private const string Text = """
        {"metadata": {"total_size": 24}, "weight_map": {"0.weight": "a.safetensors", "0.bias": "b.safetensors"}}
        """;

    public override string Name => "weight_index";

    public override string FileName => "model.safetensors.index.json";

    public override Bound Managed => new(60, 512 << 10);

    public override bool IsDocumented(Exception e) => e is InvalidDataException;

    public override IReadOnlyList<byte[]> Seeds() => [Encoding.UTF8.GetBytes(Text), "{\"weight_map\": {}}"u8.ToArray()];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(8) switch
    {
        0 => ByteMutation.Mutate(seed, chance),
        1 => ByteMutation.Truncate(seed, chance),
        _ => Encoding.UTF8.GetBytes(JsonMutation.Mutate(Encoding.UTF8.GetString(seed), chance)),
    };

    public override void Read(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        var model = new Sequential(new Linear(2, 2));
        foreach (var (name, tensor) in model.State())
        {
            string shard = Path.Combine(folder, name.EndsWith("weight", StringComparison.Ordinal) ? "a.safetensors" : "b.safetensors");
            if (!File.Exists(shard)) SafeTensors.Save(shard, [new(name, tensor)]);
        }
        var report = model.LoadPretrained(path, strict: false);
        Require(report.Loaded.Count + report.Missing.Count == 2, "tensors of the model are not accounted for");
        _ = report.ToString();
    }
}
