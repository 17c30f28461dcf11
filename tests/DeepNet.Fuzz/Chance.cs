namespace DeepNet.Fuzz;

/// <summary>All random choices of one input, a function of the seed and its number.</summary>
public sealed class Chance(ulong seed, int number)
{
    private static readonly long[] Edges =
    [
        0, 1, -1, 2, 7, 8, 255, 256, 511, 512, 513, 32767, 65535, 65536, 1 << 24, int.MaxValue - 1, int.MaxValue, int.MinValue,
            uint.MaxValue, 1L << 32, (1L << 32) + 1,
        1L << 40, 1L << 53, long.MaxValue - 1, long.MaxValue, long.MinValue,
    ];

    private readonly Random random = new(unchecked((int)(seed * 0x9E3779B97F4A7C15 >> 32) ^ number * 0x01000193));

    public int Next(int below) => random.Next(below);

    public int Next(int from, int below) => random.Next(from, below);

    public bool OneIn(int n) => random.Next(n) == 0;

    public T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    public byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A number that a length or a count should not be: an edge of a type, near one, or a power of two.</summary>
    public long Odd() => Next(4) switch
    {
        0 => Next(100),
        1 => 1L << Next(63),
        2 => Pick(Edges) + Next(-2, 3),
        _ => Pick(Edges),
    };
}
