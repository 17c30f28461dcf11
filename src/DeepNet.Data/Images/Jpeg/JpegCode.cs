namespace DeepNet.Data.Images.Jpeg;

/// <summary>A Huffman code: symbols of up to 16 bits, those of 9 found at once.</summary>
internal sealed class JpegCode
{
    public const int FastBits = 9;

    private const int Longest = 16;

    private readonly byte[] symbols;
    private readonly int[] ends = new int[Longest + 1], offsets = new int[Longest + 1];

    /// <param name="counts">The number of symbols of each length, from 1 bit on.</param>
    /// <param name="symbols">The symbols, by length.</param>
    public JpegCode(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        this.symbols = symbols.ToArray();
        int code = 0, next = 0;
        for (int length = 1; length <= Longest; length++)
        {
            offsets[length] = next - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, next++)
            {
                if (code >= 1 << length) throw new InvalidDataException("a code has more symbols than bits for them");
                if (length > FastBits) continue;
                int shift = FastBits - length;
                Fast.AsSpan(code << shift, 1 << shift).Fill((ushort)(length << 8 | symbols[next]));
            }
            ends[length] = code << (Longest - length);
            code <<= 1;
        }
    }

    /// <summary>Gets the length and the symbol by the next bits; 0 for longer ones.</summary>
    public ushort[] Fast { get; } = new ushort[1 << FastBits];

    /// <summary>Finds a symbol by the next 16 bits.</summary>
    public int Slow(int bits)
    {
        for (int length = 1; length <= Longest; length++)
            if (bits < ends[length]) return length << 8 | symbols[(bits >> (Longest - length)) + offsets[length]];
        throw new InvalidDataException("bits that are no symbol");
    }
}
