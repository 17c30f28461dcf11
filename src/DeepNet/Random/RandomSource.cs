namespace DeepNet.Devices;

/// <summary>Represents the random numbers of a kernel: the words of <see cref="Philox"/> from one block on.</summary>
/// <param name="key">The key of the generator.</param>
/// <param name="counter">The number of the first block.</param>
public readonly struct RandomSource(ulong key, ulong counter)
{
    /// <summary>
    /// Elements per group of a normal draw. Element j of the first half of a group pairs with element j of the second half, so
    /// that any vector width up to 16 lanes finds both partners in places of its own.
    /// </summary>
    public const int PairGroup = 32;

    /// <summary>The key of the generator.</summary>
    public readonly ulong Key = key;

    /// <summary>The number of the first block.</summary>
    public readonly ulong Counter = counter;

    /// <summary>The blocks that n elements of some words each take.</summary>
    public static ulong Blocks(nint n, int wordsPerElement)
        => ((ulong)n * (ulong)wordsPerElement + Philox.BlockSize - 1) / Philox.BlockSize;

    /// <summary>The blocks that n normals take: two elements come of two numbers, in whole groups.</summary>
    public static ulong PairBlocks(nint n, int wordsPerElement) => Blocks((n + PairGroup - 1) / PairGroup * PairGroup, wordsPerElement);
}
