namespace DeepNet;

/// <summary>
/// Philox 4×32-10 of Salmon, Moraes, Dror and Shaw ("Parallel random numbers: as easy as 1, 2, 3", 2011): a keyed
/// function from a 128-bit counter to four random words. There is no state to advance, so any part of a stream can be
/// computed anywhere, in any order, and is the same on every device.
/// </summary>
/// <remarks>
/// It passes the BigCrush tests, has 2⁶⁴ independent streams (keys) of 2¹³⁰ words each, and is not meant for cryptography.
/// In a stream, word i is word i mod 4 of the block with counter start + i / 4.
/// </remarks>
public static class Philox
{
    /// <summary>Words per block.</summary>
    public const int BlockSize = 4;

    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The four words of one block.</summary>
    /// <param name="key">The key of the stream; its low half is the first word of the published algorithm's key.</param>
    /// <param name="counterHigh">The upper 64 bits of the counter.</param>
    /// <param name="counterLow">The lower 64 bits of the counter.</param>
    public static (uint X0, uint X1, uint X2, uint X3) Block(ulong key, ulong counterHigh, ulong counterLow)
    {
        uint x0 = (uint)counterLow, x1 = (uint)(counterLow >> 32), x2 = (uint)counterHigh, x3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * x0, p1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = ((uint)(p1 >> 32) ^ x1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ x3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (x0, x1, x2, x3);
    }

    /// <summary>
    /// Writes the words <paramref name="offset"/>, <paramref name="offset"/> + 1, … of the stream that starts at a counter. Slices
    /// that are filled apart are the same as one fill over all of them.
    /// </summary>
    /// <param name="key">The key of the stream.</param>
    /// <param name="counterHigh">The upper 64 bits of the counter at which the stream starts.</param>
    /// <param name="counterLow">The lower 64 bits of it; it carries into the upper ones.</param>
    /// <param name="offset">The number of words of the stream before the first one wanted; not negative.</param>
    /// <param name="output">The words.</param>
    public static unsafe void Fill(ulong key, ulong counterHigh, ulong counterLow, long offset, Span<uint> output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        fixed (uint* p = output)
        {
            Fill(key, counterHigh, counterLow, p, output.Length, offset);
        }
    }

    /// <summary><see cref="Fill(ulong, ulong, ulong, long, Span{uint})"/> for any amount of native memory, on this thread.</summary>
    internal static unsafe void Fill(ulong key, ulong counterHigh, ulong counterLow, uint* output, nint n, long offset = 0)
    {
        UInt128 counter = new UInt128(counterHigh, counterLow) + (ulong)(offset / BlockSize);
        int skip = (int)(offset % BlockSize);
        if (skip != 0)
        {
            int words = (int)Math.Min(n, BlockSize - skip);
            Part(key, counter, skip, words, output);
            counter++;
            output += words;
            n -= words;
        }

        nint blocks = PhiloxVectors.Fill(key, counter, output, n / BlockSize);
        output += blocks * BlockSize;
        n -= blocks * BlockSize;
        for (counter += (ulong)blocks; n > 0; counter++, output += BlockSize, n -= BlockSize)
            Part(key, counter, 0, (int)Math.Min(n, BlockSize), output);
    }

    [SkipLocalsInit]
    private static unsafe void Part(ulong key, UInt128 counter, int from, int words, uint* output)
    {
        uint* block = stackalloc uint[BlockSize];
        (block[0], block[1], block[2], block[3]) = Block(key, (ulong)(counter >> 64), (ulong)counter);
        for (int i = 0; i < words; i++)
            output[i] = block[from + i];
    }
}
