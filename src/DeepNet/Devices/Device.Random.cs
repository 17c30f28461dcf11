namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// y[i] = the distribution's formula of the i-th uniform number of the stream; y dense, float32 or float64. A float32 is made of word i
    /// (its upper 24 bits), a float64 of words 2i and 2i + 1 (the upper 52 bits of them as a little-endian 64-bit number). With a factor,
    /// dense and of y's type, a half type too: y[i] = factor[i] · the formula, of word i as for float32 whatever the type; y may be the
    /// factor.
    /// </summary>
    internal abstract void FillRandom<TDistribution>(TDistribution distribution, RandomStream stream, Tensor y, Tensor? factor = null)
        where TDistribution : unmanaged, IDistribution;

    /// <summary>
    /// y = pairs of normal numbers; y dense, float32 or float64. In each group of <see cref="RandomStream.PairGroup"/> elements, place j of
    /// the first half and place j of the second half give both numbers to a pair: the former the distance (its upper 31 or 52 bits, plus a
    /// half), the latter the direction (as a signed fraction), and the results go to the same two places.
    /// </summary>
    internal abstract void FillNormal(BoxMuller normal, RandomStream stream, Tensor y);

    /// <summary>y[i] = low + ⌊range·w/2⁶⁴⌋ with w of the words 2i and 2i + 1; y dense, int32 or int64.</summary>
    internal abstract void FillIntegers(long low, ulong range, RandomStream stream, Tensor y);
}
