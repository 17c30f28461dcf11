using System.Buffers.Binary;
using DeepNet.Data;
using DeepNet.Data.Images;
using DeepNet.Fuzz.Mutation;

namespace DeepNet.Fuzz.Formats;

/// <summary>IDX arrays: types, axes and lengths of all kinds, with as many elements as they say or not.</summary>
public class IdxFormat : Format
{
    private static readonly (byte Code, int Bytes)[] Types = [(8, 1), (9, 1), (0x0B, 2), (0x0C, 4), (0x0D, 4), (0x0E, 8)];

    // Products that overflow, also beside a 0.
    private static readonly int[] Huge = [0, 1, 65536, 1 << 30, int.MaxValue];

    public override string Name => "idx";

    public override Bound Managed => new(16, 256 << 10);

    public override bool IsDocumented(Exception e) => e is DataFormatException;

    public override IReadOnlyList<byte[]> Seeds()
        => [Array(8, [3, 4, 5], new byte[60]), Array(0x0D, [2, 3], new byte[24]), Array(0x0B, [7], new byte[14]),
            Array(8, [0, 28, 28], [])];

    public override byte[] Mutate(byte[] seed, Chance chance) => chance.Next(8) switch
    {
        0 => ByteMutation.Mutate(seed, chance),
        1 => ByteMutation.Truncate(seed, chance),
        _ => Made(chance),
    };

    public override void Read(string path)
    {
        var tensor = Idx.Load(path);
        byte[] file = File.ReadAllBytes(path);
        int rank = file[3];
        Require(tensor.Rank == rank, "the number of axes is not that of the file");
        for (int i = 0; i < rank; i++)
            Require(tensor.Shape[i] == BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4 + 4 * i)), "a length is not that of the file");
        Require(
            (long)tensor.Count * Types.First(t => t.Code == file[2]).Bytes == file.Length - 4 - 4 * rank,
            "there are not as many elements as bytes");
    }

    protected static byte[] Array(byte type, int[] lengths, byte[] elements)
    {
        byte[] header = new byte[4 + 4 * lengths.Length];
        (header[2], header[3]) = (type, (byte)lengths.Length);
        for (int i = 0; i < lengths.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), lengths[i]);
        return [.. header, .. elements];
    }

    protected static byte[] Made(Chance chance)
    {
        var (type, bytes) = chance.Pick(Types);
        int[] lengths = [.. Enumerable.Range(0, chance.OneIn(10) ? chance.Next(40) : chance.Next(1, 5)).Select(_ => chance.Next(5))];
        long count = lengths.Aggregate(1L, (a, b) => Math.Min(a * b, 1000));
        if (chance.OneIn(2) && lengths.Length > 0)
            for (int times = chance.Next(1, 4); times > 0; times--) lengths[chance.Next(lengths.Length)] = unchecked((int)chance.Odd());
        if (chance.OneIn(20)) lengths = [.. Enumerable.Range(0, chance.Next(2, 10)).Select(_ => chance.Pick(Huge))];
        byte[] file = Array(
            chance.OneIn(10) ? (byte)chance.Next(256) : type, lengths,
            chance.Bytes((int)count * bytes + (chance.OneIn(6) ? chance.Next(9) : 0)));
        if (chance.OneIn(10)) file[3] = (byte)chance.Next(256);
        return chance.OneIn(10) ? ByteMutation.Mutate(file, chance) : file;
    }
}
