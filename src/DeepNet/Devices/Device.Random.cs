namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// y[i] = the distribution's formula of the i-th uniform number of the stream; y dense, float32 or float64. A float32 is made of word i
    /// (its upper 24 bits), a float64 of words 2i and 2i + 1 (the upper 52 bits of them as a little-endian 64-bit number). With a factor,
    /// dense and of y's type, a half type too: y[i] = factor[i] · the formula, of word i as for float32 whatever the type; y may be the
    /// factor.
    /// </summary>
    /// <remarks>
    /// Two distributions are filled in with other numbers. <see cref="NormalPairs"/> gives pairs: in each group of
    /// <see cref="RandomSource.PairGroup"/> elements, place j of the first half and place j of the second half give both numbers to a pair,
    /// the former the distance (its upper 31 or 52 bits, plus a half), the latter the direction (as a signed fraction), both in the type of
    /// y, and the results go to the same two places. <see cref="UniformIntegers"/> on int32 and int64 is low + ⌊range·w/2⁶⁴⌋, with w of the
    /// words 2i and 2i + 1.
    /// </remarks>
    protected internal abstract void FillRandom<TDistribution>(
        TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor = null)
        where TDistribution : unmanaged, IDistribution;
}
