using System.IO.Compression;
using DeepNet.Fuzz.Mutation;
using DeepNet.IO;

namespace DeepNet.Fuzz.Formats;

/// <summary>Files of PyTorch: damaged pickles, whole and with instructions that lie, in archives that are whole or lie too.</summary>
public sealed class TorchFormat : Format
{
    private static readonly byte[] Instructions =
        [.. "(0.NJKMGX)tq}]asuehRbcQr"u8, 0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x93, 0x94, 0x95];

    public override string Name => "torch";

    // An instruction of one byte makes a list, a place on the stack and one in the memo.
    public override Bound Managed => new(200, 1 << 20);

    public override Bound Tensors => new(12, 2 << 20);

    public override bool IsDocumented(Exception e) => e is InvalidDataException;

    public override IReadOnlyList<byte[]> Seeds() => [Golden("torch_archive"), Golden("torch_protocol5"), Golden("torch_legacy"), Saved()];

    private static byte[] Golden(string name)
    {
        using var resource = typeof(TorchFormat).Assembly.GetManifestResourceStream($"golden/{name}.pt")!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Saved()
    {
        using var stream = new MemoryStream();
        TorchFile.Save(stream, [new("weight", Tensor.Ones(3, 4)), new("steps", Tensor.Zeros(Shape.Scalar, DType.Int64))]);
        return stream.ToArray();
    }

    public override byte[] Mutate(byte[] seed, Chance chance)
    {
        if (seed[0] != 'P') return chance.OneIn(8) ? ByteMutation.Truncate(seed, chance) : Damage(seed, chance);
        switch (chance.Next(10))
        {
            case 0: return ByteMutation.Mutate(seed, chance);
            case 1: return ByteMutation.Truncate(seed, chance);
        }
        var entries = new List<(string, byte[])>();
        using (var archive = new ZipArchive(new MemoryStream(seed)))
            foreach (var entry in archive.Entries)
            {
                byte[] bytes = new byte[entry.Length];
                using var from = entry.Open();
                from.ReadExactly(bytes);
                if (entry.Name == "data.pkl") bytes = chance.OneIn(3) ? bytes : Damage(bytes, chance);
                else if (chance.OneIn(20)) bytes = ByteMutation.Truncate(bytes, chance);
                entries.Add((chance.OneIn(100) ? Names.Any(chance) : entry.FullName, bytes));
            }
        return ZipByHand.Write(entries, chance);
    }

    // Bytes that are read as numbers, lengths and instructions.
    private static byte[] Damage(byte[] pickle, Chance chance)
    {
        if (chance.OneIn(4)) return ByteMutation.Mutate(pickle, chance);
        byte[] damaged = [.. pickle];
        for (int i = chance.Next(1, 4); i > 0; i--)
            damaged[chance.Next(damaged.Length)] = chance.OneIn(2) ? chance.Pick(Instructions) : (byte)chance.Odd();
        return damaged;
    }

    public override void Read(string path)
    {
        var tensors = TorchFile.Load(path, out var values);
        Require(tensors.Keys.Intersect(values.Keys).FirstOrDefault() is null, "a name is that of a tensor and of another value");
        foreach (var tensor in tensors.Values)
            if (tensor.Count is > 0 and < 1 << 10)
                Require(tensor.Contiguous().Count == tensor.Count, "a view has another size than its shape");
        Require(tensors.Count <= new FileInfo(path).Length, "there are more tensors than bytes");
    }
}
