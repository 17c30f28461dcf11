namespace DeepNet.Ilgpu;

/// <summary>Angles of any size brought into the range in which sine and cosine are polynomials.</summary>
internal static class Angle
{
    // 1/2π in binary, behind the point.
    private const ulong Turn0 = 0x28BE60DB9391054A, Turn1 = 0x7F09D5F47D4D3770, Turn2 = 0x36D8A5664F10E410, Turn3 = 0x7F9458EAF7AEF158;

    /// <summary>An angle of the same sine and cosine that is not above 8192 in size.</summary>
    [MethodImpl(AggressiveInlining)]
    public static GpuFloat Reduce(float x) => new(x >= -8192f && x <= 8192f ? x : Remainder(x));

    /// <summary>
    /// x − 2π·round(x/2π), exact for floats of any size (Payne and Hanek): a float is an integer times a power of two, and of its product
    /// with 1/2π only the bits around the point matter.
    /// </summary>
    private static float Remainder(float x)
    {
        int bits = (int)Interop.FloatAsInt(x);
        int exponent = ((bits >> 23) & 255) - 150;       // x = m · 2^exponent with an integer m of 24 bits; from 8192 on above −14
        if (exponent > 104) return x - x;                // infinite or not a number
        ulong m = (ulong)((bits & 0x7FFFFF) | 0x800000);

        // A window of 128 bits into 1/2π, begun so that the 24 bits of m push what are whole turns out at the top: modulo 2⁶⁴ they vanish.
        int skip = exponent + 24, word = skip >> 6, shift = skip & 63;
        ulong high = Window(word, shift), low = Window(word + 1, shift);
        ulong carry = ((low >> 32) * m + (((low & 0xFFFFFFFF) * m) >> 32)) >> 32;
        float angle = (float)(long)(high * m + carry) * 3.4061215800304396e-19f; // 2π/2⁶⁴
        return bits < 0 ? -angle : angle;
    }

    private static ulong Window(int word, int shift)
    {
        ulong first = Word(word), second = Word(word + 1);
        return shift == 0 ? first : (first << shift) | (second >> (64 - shift));
    }

    // 24 zero bits stand in front, so that the window may begin before the binary point.
    private static ulong Word(int i)
    {
        ulong before = i == 0 ? 0 : i == 1 ? Turn0 : i == 2 ? Turn1 : Turn2;
        ulong own = i == 0 ? Turn0 : i == 1 ? Turn1 : i == 2 ? Turn2 : Turn3;
        return (before << 40) | (own >> 24);
    }
}
