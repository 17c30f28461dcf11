namespace DeepNet;

/// <summary>The functions of a double that <see cref="Math"/> lacks, accurate to a few units in the last place.</summary>
internal static class DoubleFunctions
{
    private const double TwoOverSqrtPi = 1.1283791670955126;

    /// <summary>eˣ − 1. The error of u = eˣ cancels in (u − 1)/ln u (Kahan).</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 1)
            return Math.Exp(x) - 1;
        double u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln(1 + x), by the same cancellation.</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        if (u == 1)
            return x;
        return Math.Abs(x) > 1 ? Math.Log(u) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>The error function.</summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        return magnitude < 2 ? Series(x) : Math.CopySign(1 - Tail(magnitude), x);
    }

    /// <summary>1 − erf x, accurate in the right tail.</summary>
    public static double Erfc(double x) => x switch
    {
        < -2 => 2 - Tail(-x),
        < 0.5 => 1 - Series(x),
        < 2 => Tail(x),
        _ => Tail(x),
    };

    /// <summary>erf x = 2x/√π · e^(−x²) · (1 + 2x²/3 + (2x²)²/(3·5) + …): all terms positive, nothing cancels.</summary>
    private static double Series(double x)
    {
        double sum = 1, term = 1;
        for (int n = 1; term > 1e-17 * sum; n++)
            sum += term *= 2 * x * x / (2 * n + 1);
        return TwoOverSqrtPi * x * Math.Exp(-x * x) * sum;
    }

    /// <summary>erfc x for x ≥ ½ by Laplace's continued fraction, evaluated from the far end.</summary>
    private static double Tail(double x)
    {
        if (x > 27.3)
            return 0;
        int terms = (int)(20 + 200 / (x * x));
        double fraction = x;
        for (int n = terms; n > 0; n--)
            fraction = x + n * 0.5 / fraction;

        // The rounding error of x² would be multiplied by x² itself, so it is computed and put back.
        double square = x * x;
        double error = Math.FusedMultiplyAdd(x, x, -square);
        return Math.Exp(-square) * (1 - error) / (fraction * 1.7724538509055159);
    }

    // The functions that vectors of doubles compute lane by lane.

    public readonly struct EachExpm1 : IDoubleFunction
    {
        public static double Of(double x) => Expm1(x);
    }

    public readonly struct EachLog1p : IDoubleFunction
    {
        public static double Of(double x) => Log1p(x);
    }

    public readonly struct EachAtan : IDoubleFunction
    {
        public static double Of(double x) => Math.Atan(x);
    }

    public readonly struct EachTanh : IDoubleFunction
    {
        public static double Of(double x) => Math.Tanh(x);
    }

    public readonly struct EachErf : IDoubleFunction
    {
        public static double Of(double x) => Erf(x);
    }

    public readonly struct EachErfc : IDoubleFunction
    {
        public static double Of(double x) => Erfc(x);
    }
}

/// <summary>A function that vectors of doubles compute lane by lane.</summary>
internal interface IDoubleFunction
{
    static abstract double Of(double x);
}
