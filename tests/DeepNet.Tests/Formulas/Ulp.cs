namespace DeepNet.Tests.Formulas;

/// <summary>Errors in units of the last place of the float nearest to the true value.</summary>
internal static class Ulp
{
    public static double Error(float got, double want)
    {
        if (double.IsNaN(want) || float.IsNaN(got))
            return double.IsNaN(want) && float.IsNaN(got) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity((float)want) || float.IsInfinity(got))
        {
            // The largest floats and infinity are neighbours.
            double largest = float.MaxValue;
            return (float)want == got
                ? 0
                : Math.Abs(Math.Clamp(got, -2 * largest, 2 * largest) - Math.Clamp(want, -largest, largest)) < 1.0001 * largest
                && Math.Abs(want) > 0.999999 * largest ? 1 : double.PositiveInfinity;
        }
        int exponent = want == 0 ? -126 : Math.Max(-126, Math.ILogB(want));
        return Math.Abs(got - want) / Math.ScaleB(1, exponent - 23);
    }

    /// <summary>Floats spread evenly over all bit patterns, a dense grid around zero, and the edges.</summary>
    public static float[] Arguments(int patterns)
    {
        var list = new List<float>();
        for (long i = 0; i < patterns; i++)
            list.Add(BitConverter.UInt32BitsToSingle((uint)((i * (1L << 32) / patterns) + (i * 2654435761 & 0xFFF))));
        for (int i = -20000; i <= 20000; i++)
            list.Add(i / 1873f);
        foreach (float edge in Edges)
        {
            list.Add(edge);
            list.Add(-edge);
        }
        while (list.Count % 16 != 0)
            list.Add(1);
        return [.. list];
    }

    public static readonly float[] Edges =
    [
        0, float.Epsilon, 1e-40f, 1.17549435e-38f, 1e-20f, 1e-8f, 0.5f, 0.70710677f, 0.9999999f, 1, 1.0000001f, 1.4142135f, 2, 10.05f,
        17.3f, 87.3f, 88.72f, 88.73f, 89, 103.9f, 104.1f, 8192, 8193, 1e6f, 1e20f, float.MaxValue, float.PositiveInfinity, float.NaN,
    ];
}
