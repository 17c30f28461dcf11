namespace DeepNet.Bench;

/// <summary>
/// The numbers in the inputs and weights of a case. Both sides of a comparison (torch_side.py too) compute them by this formula from the
/// place of a tensor among those of its case and the place of a number in the tensor, so that they do the same work on the same numbers.
/// </summary>
internal static class Draws
{
    private const double Bits32 = 1.0 / (1L << 32), Bits24 = 1.0 / (1 << 24);

    private static ulong drawn;

    /// <summary>Begins a case: the next tensor is its first.</summary>
    public static void Restart() => drawn = 0;

    /// <summary>Numbers of the standard normal distribution.</summary>
    public static float[] Normal(long count) => Fill(
        count, word => (float)(Math.Sqrt(-2 * Math.Log(((word >> 32) + 1) * Bits32)) * Math.Cos(2 * Math.PI * Bits32 * (uint)word)));

    /// <summary>Numbers from 0 to 1.</summary>
    public static float[] Uniform(long count) => Fill(count, Uniform);

    /// <summary>The weights of a layer of so many inputs: uniform within ±1/√inputs.</summary>
    public static float[] Weights(long count, long inputs)
    {
        double bound = 1 / Math.Sqrt(inputs);
        return Fill(count, word => (float)((2 * (double)Uniform(word) - 1) * bound));
    }

    /// <summary>Whole numbers from 0 to below a bound.</summary>
    public static long[] Integers(long count, int bound) => Fill(count, word => (long)((word >> 32) * (ulong)bound >> 32));

    /// <summary>A number from 0 to 1 of these random bits.</summary>
    public static float Uniform(ulong word) => (word >> 40) * (float)Bits24;

    /// <summary>Random bits: SplitMix64's function of a counter.</summary>
    public static ulong Word(ulong tensor, long place)
    {
        ulong z = ((tensor << 40) + (ulong)place) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static T[] Fill<T>(long count, Func<ulong, T> function)
    {
        ulong tensor = ++drawn;
        var numbers = new T[count];
        for (long i = 0; i < count; i++) numbers[i] = function(Word(tensor, i));
        return numbers;
    }
}
