using System.Buffers.Binary;
using System.Text;
using DeepNet.Data;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>NumPy's arrays: types, orders and shapes of all kinds, with as many elements as they say or not.</summary>
public class NpyFormat : Format
{
    private static readonly string[] Types = ["<f4", ">f8", "|b1", "|u1", "<i2", ">u4", "<i8", "<f2", "|O", "<c8", "<U3", "x", "<f4', 'a"];
    private static readonly int[] Sizes = [4, 8, 1, 1, 2, 4, 8, 2, 8, 8, 12, 1, 4];

    public override string Name => "npy";

    public override Bound Managed => new(16, 4 << 20);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds()
        => [Array("<f4", "False", "(3, 4)", 48), Array(">f8", "True", "(2, 3, 2)", 96), Array("<u2", "False", "(5,)", 10),
            Array("|b1", "True", "()", 1),
            Array("<i8", "False", "(0, 7)", 0)];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(4) switch
    {
        0 => ByteMutation.Mutate(seed, chance),
        1 => ByteMutation.Truncate(seed, chance),
        _ => Made(chance),
    };

    public override void Read(string path)
    {
        var tensor = NpyFile.Load(path);
        Require(tensor.To(DType.Float64).ToArray<double>().Length == tensor.Count, "there are not as many elements as the shape says");
        byte[] file = File.ReadAllBytes(path);
        Require(tensor.Count <= file.Length, "there are more elements than bytes");
    }

    protected static byte[] Array(string type, string isFortran, string shape, int bytes, byte version = 1)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': {shape}, }}\n";
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        else BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.UTF8.GetBytes(header),
            .. Enumerable.Range(0, bytes).Select(i => (byte)i)];
    }

    private static byte[] Made(Chance chance)
    {
        int type = chance.Next(chance.OneIn(3) ? Types.Length : 8);
        long[] axes = [.. Enumerable.Range(0, chance.OneIn(10) ? chance.Next(20) : chance.Next(4)).Select(_ => (long)chance.Next(5))];
        int bytes = (int)axes.Aggregate(1L, (a, b) => Math.Min(a * b, 1000)) * Sizes[type] + (chance.OneIn(8) ? chance.Next(9) : 0);
        if (chance.OneIn(3) && axes.Length > 0) axes[chance.Next(axes.Length)] = chance.Odd();
        string shape = axes.Length == 1 ? $"({axes[0]},)" : $"({string.Join(", ", axes)})";
        string order = chance.OneIn(10) ? chance.Pick(new[] { "1", "None", "true", "'False'" }) : chance.OneIn(2) ? "True" : "False";
        byte[] file = Array(Types[type], order, shape, bytes, (byte)(chance.OneIn(10) ? chance.Next(256) : chance.Next(1, 4)));
        return chance.OneIn(10) ? ByteMutation.Mutate(file, chance) : file;
    }
}
