using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DeepNet.Fuzz.Mutation;
using DeepNet.IO;

namespace DeepNet.Fuzz.Formats;

/// <summary>Weights: damaged headers, and headers that are right about odd tensors.</summary>
public class SafeTensorsFormat : Format
{
    protected const int PrefixBytes = 8;

    private static readonly (string Name, int Bytes)[] Types =
    [
        ("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("I16", 2), ("I8", 1), ("U32", 4), ("U16", 2), ("U8", 1),
            ("BOOL", 1), ("F8_E4M3", 1), ("U64", 8), ("f32", 4),
    ];

    public override string Name => "safetensors";

    // A header of n bytes describes n / 60 tensors, each of a few objects.
    public override Bound Managed => new(40, 256 << 10);

    // An empty or one-byte tensor takes a block.
    public override Bound Tensors => new(8, 2 << 20);

    public override bool IsDocumented(Exception e) => e is InvalidDataException;

    public override IReadOnlyList<byte[]> Seeds()
    {
        string path = Path.GetTempFileName();
        SafeTensors.Save(path,
        [
            new("layer.weight", Tensor.Ones(3, 4)), new("layer.bias", Tensor.Ones(4)),
                new("steps", Tensor.Zeros(Shape.Scalar, DType.Int64)),
            new("empty", Tensor.Zeros(0, 7)), new("mask", Tensor.Zeros(new Shape(5), DType.Bool)),
        ], new Dictionary<string, string> { ["format"] = "pt" });
        byte[] file = File.ReadAllBytes(path);
        File.Delete(path);
        return [file, Join("{}"u8, [])];
    }

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        switch (chance.Next(10))
        {
            case 0: return ByteMutation.Mutate(seed, chance);
            case 1: return ByteMutation.Truncate(seed, chance);
            case < 5: return Made(chance);
        }
        var (header, data) = Split(seed);
        byte[] text = Encoding.UTF8.GetBytes(JsonMutation.Mutate(header, chance));
        if (chance.OneIn(8)) data = chance.OneIn(2) ? ByteMutation.Truncate(data, chance) : [.. data, .. chance.Bytes(chance.Next(1, 20))];
        return chance.OneIn(10) ? Join(text, data, chance.Odd()) : Join(text, data);
    }

    public override void Read(string path)
    {
        var entries = SafeTensors.Describe(path);
        var tensors = SafeTensors.Load(path);
        Require(tensors.Count == entries.Count, $"{entries.Count} tensors are described, {tensors.Count} read");
        foreach (var entry in entries)
        {
            var tensor = tensors[entry.Name];
            Require(tensor.Shape.Equals(entry.Shape), "a shape differs from the header's");
            Require(
                entry.Bytes == (long)tensor.Count * Types.First(t => t.Name == entry.StoredType).Bytes,
                "the bytes of a tensor do not fit its shape");
        }
        Require(entries.Sum(e => e.Bytes) <= new FileInfo(path).Length, "there are more elements than bytes");
    }

    protected static (string Header, byte[] Data) Split(byte[] file)
    {
        int end = PrefixBytes + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        return (Encoding.UTF8.GetString(file, PrefixBytes, end - PrefixBytes), file[end..]);
    }

    protected static byte[] Join(ReadOnlySpan<byte> header, byte[] data, long? length = null)
    {
        byte[] prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length ?? header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>A file whose header covers its data, of tensors that nobody would save; once in a while one number of it lies.</summary>
    private static byte[] Made(Chance chance)
    {
        var header = new StringBuilder("{");
        long at = 0;
        int count = chance.OneIn(20) ? chance.Next(500) : chance.Next(6);
        bool lies = chance.OneIn(3);
        for (int i = 0; i < count; i++)
        {
            var (type, bytes) = chance.Pick(Types[..(chance.OneIn(10) ? Types.Length : Types.Length - 3)]);
            long[] shape = [.. Enumerable.Range(0, chance.OneIn(20) ? chance.Next(20) : chance.Next(4)).Select(_ => (long)chance.Next(4))];
            long end = at + shape.Aggregate(1L, (a, b) => a * b) * bytes;
            if (end - at > 1 << 16) end = at;
            if (lies && shape.Length > 0 && chance.OneIn(count)) shape[chance.Next(shape.Length)] = chance.Odd();
            string name = chance.OneIn(2) ? $"t{i}" : Names.Any(chance);
            header.Append(CultureInfo.InvariantCulture,
                $"{(i > 0 ? "," : "")}{JsonMutation.Quote(name)}:{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],"
                + $"\"data_offsets\":[{at},{end}]}}");
            at = end;
        }
        if (chance.OneIn(4))
            header.Append(count > 0 ? "," : "").Append("\"__metadata__\":{").Append(JsonMutation.Quote(Names.Any(chance)))
                .Append(":\"x\"}");
        return Join(Encoding.UTF8.GetBytes(header.Append('}').ToString()), chance.Bytes((int)at));
    }
}
