namespace DeepNet.Devices;

/// <summary>
/// The sizes that blocks come in: multiples of 64 bytes up to 256, then four steps to each power of two, so that at most a
/// fifth of a block is slack and tensors of nearly equal size share a class.
/// </summary>
internal static class SizeClass
{
    public const int Count = 160;

    /// <summary>The largest size that has a class: more than any machine's memory.</summary>
    public const long Maximum = 1L << 44;

    public static int Of(long bytes, out long size)
    {
        if (bytes <= 64)
        {
            size = 64;
            return 0;
        }
        int power = BitOperations.Log2((ulong)(bytes - 1));
        long quarter = 1L << (power - 2);
        int step = (int)((bytes - 1) >> (power - 2)) & 3;
        size = ((1L << power) + (step + 1) * quarter + 63) & ~63L;
        return (power - 6) * 4 + step + 1;
    }

    /// <summary>Gets the size of the blocks of a class.</summary>
    public static long Bytes(int sizeClass)
    {
        if (sizeClass == 0) return 64;
        int power = (sizeClass - 1 >> 2) + 6, step = sizeClass - 1 & 3;
        return ((1L << power) + ((step + 1L) << (power - 2)) + 63) & ~63L;
    }
}
