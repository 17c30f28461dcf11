namespace DeepNet.Ilgpu;

/// <summary>Angles of any size brought into the range in which sine and cosine are polynomials.</summary>
internal static class Angle
{
    // 1/2π in binary, behind the point and 24 zeros, so that a window into it may begin before the point.
    private const ulong Turn0 = 0x00000028BE60DB93, Turn1 = 0x91054A7F09D5F47D, Turn2 = 0x4D377036D8A5664F, Turn3 = 0x10E4107F9458EAF7;

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
        ulong first = word == 0 ? Turn0 : word == 1 ? Turn1 : Turn2, second = word == 0 ? Turn1 : word == 1 ? Turn2
            : Turn3, third = word == 0 ? Turn2 : Turn3;
        ulong high = Window(first, second, shift), low = Window(second, third, shift);
        ulong carry = ((low >> 32) * m + (((low & 0xFFFFFFFF) * m) >> 32)) >> 32;
        float angle = (float)(long)(high * m + carry) * 3.4061215800304396e-19f; // 2π/2⁶⁴
        return bits < 0 ? -angle : angle;
    }

    private static ulong Window(ulong first, ulong second, int shift) => (first << shift) | (second >> 1 >> (63 - shift));
}
