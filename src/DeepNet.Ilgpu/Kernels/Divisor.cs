namespace DeepNet.Ilgpu;

/// <summary>
/// A number that kernels divide by, known before they start: below 2³¹ a quotient is a multiplication and a shift, where a division takes a
/// GPU twenty instructions, and one of 64 bits a hundred.
/// </summary>
internal readonly struct Divisor
{
    /// <summary>The number itself.</summary>
    public readonly long Value;

    private readonly uint factor;
    private readonly int shift;

    public Divisor(long value)
    {
        Value = value;
        // ⌊n/d⌋ = (⌊n·f/2³²⌋ + n) / 2ˢ for n < 2³¹, where 2ˢ is the first power that is not below d, and f = ⌊2³²·(2ˢ − d)/d⌋ + 1.
        while (shift < 31 && 1L << shift < value) shift++;
        if (value is > 0 and < 1L << 31) factor = (uint)(((1UL << 32) * ((1UL << shift) - (ulong)value) / (ulong)value) + 1);
    }

    public static implicit operator Divisor(long value) => new(value);

    public static implicit operator long(Divisor divisor) => divisor.Value;

    /// <summary>The quotient of a number below 2³¹.</summary>
    [MethodImpl(AggressiveInlining)]
    public uint Of(uint n) => ((uint)(((ulong)n * factor) >> 32) + n) >> shift;

    /// <summary>The quotient of a number that is not negative.</summary>
    [MethodImpl(AggressiveInlining)]
    public long Of(long n) => n >> 31 == 0 ? Of((uint)n) : (long)((ulong)n / (ulong)Value);
}
