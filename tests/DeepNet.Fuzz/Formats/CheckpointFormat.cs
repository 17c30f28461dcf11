using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepNet.Fuzz.Mutation;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Fuzz.Formats;

/// <summary>
/// Checkpoints: their JSON record and their tensors are damaged, and the checksum is repaired, so that what it guards is reached.
/// </summary>
public sealed class CheckpointFormat : SafeTensorsFormat
{
    private const string RecordKey = "deepnet.checkpoint", ChecksumKey = "deepnet.crc32c";

    private readonly Checkpoint checkpoint;
    private readonly Module model;
    private byte[] good = [];

    public CheckpointFormat()
    {
        model = new Sequential(new Linear(3, 4), new BatchNorm1d(4));
        var optimizer = new Adam(model.Parameters());
        model.Forward(Tensor.Ones(5, 3)).Sum().Backward();
        optimizer.Step();
        checkpoint = new Checkpoint
        {
            Model = model, Optimizer = optimizer, Schedule = new ReduceOnPlateau(optimizer),
            Average = new ExponentialAverage(model.Parameters()),
            Generator = new Generator(3), Scaler = new LossScaler(), Step = 7,
        };
        checkpoint.Numbers["best"] = double.NaN;
        checkpoint.Texts["name"] = "run";
        checkpoint.Tensors["order"] = Tensor.Arange(5);
    }

    public override string Name => "checkpoint";

    public override Bound Managed => new(60, 512 << 10);

    // A file that does not fit lists its differences.
    public override bool IsDocumented(Exception e) => e is InvalidDataException or ArgumentException { ParamName: null };

    public override IReadOnlyList<byte[]> Seeds()
    {
        string path = Path.GetTempFileName();
        checkpoint.Save(path);
        good = File.ReadAllBytes(path);
        File.Delete(path);
        return [good];
    }

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        if (chance.OneIn(8)) return base.Mutate(seed, chance);
        var (text, data) = Split(seed);
        var header = JsonNode.Parse(text)!.AsObject();
        var metadata = header["__metadata__"]!.AsObject();
        if (chance.Next(4) > 0) metadata[RecordKey] = JsonMutation.Mutate((string)metadata[RecordKey]!, chance);
        if (chance.OneIn(3)) Rename(header, chance);
        if (chance.OneIn(3)) data = ByteMutation.Mutate(data, chance);
        if (data.Length != Split(seed).Data.Length) data = Split(seed).Data;      // the header must go on to cover it
        if (chance.OneIn(3)) Retype(header, chance);
        metadata[ChecksumKey] = Checksum((string)metadata[RecordKey]!, header, data);
        return Join(Encoding.UTF8.GetBytes(header.ToJsonString()), data);
    }

    public override void Read(string path)
    {
        string before = State();
        try
        {
            checkpoint.Load(path);
        }
        catch (Exception e) when (IsDocumented(e))
        {
            Require(State() == before, "a checkpoint that was refused has changed something");
            throw;
        }
        Require(model.Parameters().Count == 4 && model.State().Values.All(t => t.Rank is 0 or 1 or 2), "the model is another one");
        checkpoint.Save(path);                      // what was read can be written and read again
        checkpoint.Load(path);
        File.WriteAllBytes(path, good);   // the next file meets the same objects
        checkpoint.Load(path);
    }

    private string State()
    {
        var text = new StringBuilder();
        foreach (var (name, tensor) in model.State()) text.Append(name).AppendJoin(' ', tensor.To(DType.Float64).ToArray<double>());
        return text.Append(checkpoint.Generator!.State).Append(Generator.Default.State).Append(checkpoint.Epoch).Append(checkpoint.Step)
            .Append(checkpoint.Position)
            .AppendJoin(',', checkpoint.Numbers).AppendJoin(',', checkpoint.Texts).AppendJoin(',', checkpoint.Tensors.Keys).ToString();
    }

    private static void Rename(JsonObject header, Chance chance)
    {
        string name = chance.Pick(header.Select(p => p.Key).Where(k => k != "__metadata__").ToList()), other = Names.Any(chance);
        if (chance.OneIn(8)) other = "";
        else if (chance.OneIn(2)) other = $"{name.Split('/')[0]}/{other}";
        if (header.ContainsKey(other)) return;
        var entry = header[name];
        header.Remove(name);
        header[other] = entry;
    }

    // Another shape or type of the same bytes.
    private static void Retype(JsonObject header, Chance chance)
    {
        var entry = header[chance.Pick(header.Select(p => p.Key).Where(k => k != "__metadata__").ToList())]!;
        long bytes = (long)entry["data_offsets"]![1]! - (long)entry["data_offsets"]![0]!;
        var (type, size) = chance.Pick(new[] { ("F64", 8), ("F32", 4), ("I32", 4), ("I64", 8), ("F16", 2), ("BF16", 2), ("BOOL", 1) });
        if (bytes % size != 0) return;
        entry["dtype"] = type;
        entry["shape"] = chance.OneIn(2) ? new JsonArray(bytes / size) : new JsonArray(1L, bytes / size, 1L);
    }

    private static string Checksum(string record, JsonObject header, byte[] data)
    {
        var crc = new Crc();
        crc.Add(Encoding.UTF8.GetBytes(record));
        foreach (var (name, entry) in header.Where(p => p.Key != "__metadata__").OrderBy(p => (long)p.Value!["data_offsets"]![0]!)
            .ThenBy(p => (long)p.Value!["data_offsets"]![1]!))
        {
            int[] shape = [.. entry!["shape"]!.AsArray().Select(v => (int)(long)v!)];
            crc.Add(Encoding.UTF8.GetBytes($"{name} {entry["dtype"]} {new Shape(shape)}"));
            byte[] elements = data[(int)(long)entry["data_offsets"]![0]!..(int)(long)entry["data_offsets"]![1]!];
            crc.Add((string?)entry["dtype"] == "BOOL" ? [.. elements.Select(b => b != 0 ? (byte)1 : (byte)0)] : elements);
        }
        return crc.Value.ToString("x8", CultureInfo.InvariantCulture);
    }

    /// <summary>CRC-32C, bit by bit.</summary>
    private sealed class Crc
    {
        private uint value = uint.MaxValue;

        public uint Value => ~value;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (byte b in bytes)
            {
                value ^= b;
                for (int i = 0; i < 8; i++) value = value >> 1 ^ (value & 1) * 0x82F63B78;
            }
        }
    }
}
