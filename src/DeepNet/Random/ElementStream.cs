namespace DeepNet;

/// <summary>
/// The random numbers of one element of a draw that takes an unknown number of them, as rejection does: block after block in the upper half
/// of the counter, so that no element's numbers depend on how many another one took.
/// </summary>
internal struct ElementStream(RandomSource stream, nint element)
{
    private const double Unit = 1.0 / (1UL << 53);

    private ulong next = Generator.Elements;

    /// <summary>A number in (0, 1) of 53 bits, and two of 32 bits.</summary>
    public (double First, double Second, double Third) Next()
    {
        var (x0, x1, x2, x3) = Philox.Block(stream.Key, next++, unchecked(stream.Counter + (ulong)element));
        return Numbers(x0, x1, x2, x3);
    }

    /// <summary>The same from the words of a block.</summary>
    [MethodImpl(AggressiveInlining)]
    public static (double First, double Second, double Third) Numbers(uint x0, uint x1, uint x2, uint x3)
    {
        double first = ((((ulong)x1 << 32 | x0) >> 11) + 0.5) * Unit;
        return (first, (x2 + 0.5) / 4294967296.0, (x3 + 0.5) / 4294967296.0);
    }
}
