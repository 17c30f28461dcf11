namespace DeepNet.Ilgpu;

/// <summary>
/// Functions of a double made of arithmetic alone, within a few units in the last place: GPU compilers have few of them, and none that all
/// devices share.
/// </summary>
internal static class DoubleMath
{
    private const double Ln2High = 0.69314718036912382, Ln2Low = 1.9082149292705877e-10; // the first with 21 zero bits behind it
    private const double PiHalf1 = 1.5707963267341256, PiHalf2 = 6.0771005063039660e-11, PiHalf3 = 2.0222662487959506e-21;

    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 709.79) return double.PositiveInfinity;
        if (x < -745.2) return 0;
        double n = Round(x * 1.4426950408889634);
        return Scale(1 + Expm1Near(x - n * Ln2High - n * Ln2Low), (int)n);
    }

    public static double Expm1(double x) => Abs(x) < 0.35 ? Expm1Near(x) : Exp(x) - 1;

    /// <summary>eˣ − 1 for |x| ≤ 0.35, by its series.</summary>
    private static double Expm1Near(double x)
    {
        if (x == 0) return x;                            // keeps −0
        double sum = 0;
        for (int n = 15; n > 1; n--) sum = (sum + 1) * x / n; // x/2·(1 + x/3·(1 + …))
        return x + x * sum;
    }

    public static double Log(double x)
    {
        if (!(x > 0)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (x == double.PositiveInfinity) return x;
        int more = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0;                    // 2⁵⁴, for denormals
            more = -54;
        }
        // x = m·2ⁿ with m in [√½, √2), and ln m = 2 artanh s.
        long bits = (long)Interop.FloatAsInt(x);
        int n = (int)((bits - 0x3FE6A09E667F3BCDL) >> 52);
        double m = Interop.IntAsFloat((ulong)(bits - ((long)n << 52))), f = m - 1, s = f / (2 + f), z = s * s, sum = 0;
        for (int k = 23; k > 1; k -= 2) sum = (sum + 1.0 / k) * z;
        double e = n + more;
        return e * Ln2High + (2 * s + (2 * s * sum + e * Ln2Low));
    }

    public static double Log1p(double x)
    {
        double u = 1 + x;
        if (u == 1) return x;
        return Abs(x) > 1 ? Log(u) : Log(u) * (x / (u - 1)); // the error of u cancels (Kahan)
    }

    public static double Sin(double x) => SinOfQuarters(x, 0);

    public static double Cos(double x) => SinOfQuarters(x, 1);

    /// <summary>sin(x + quarters·π/2).</summary>
    private static double SinOfQuarters(double x, int quarters)
    {
        if (x == 0 && quarters == 0) return x;           // keeps −0
        double n = Round(x * 0.63661977236758134);
        double r = x - n * PiHalf1 - n * PiHalf2 - n * PiHalf3, z = r * r;
        int q = ((int)(long)(n - 4 * Floor(n * 0.25)) + quarters) & 3;
        double y = (q & 1) == 0 ? SinNear(r, z) : CosNear(z);
        return (q & 2) == 0 ? y : -y;
    }

    private static double SinNear(double r, double z)
    {
        double sum = 0;
        for (int n = 19; n > 1; n -= 2) sum = (1 + sum) * -z / (n * (n - 1));
        return r + r * sum;
    }

    private static double CosNear(double z)
    {
        double sum = 0;
        for (int n = 20; n > 0; n -= 2) sum = (1 + sum) * -z / (n * (n - 1));
        return 1 + sum;
    }

    public static double Atan(double x)
    {
        double t = Abs(x), from = 0;
        bool isInverse = t > 1;
        if (isInverse) t = 1 / t;
        if (t > 0.26794919243112270)                     // tan π/12: around tan π/6 the rest is as small
        {
            t = (t - 0.57735026918962576) / (1 + t * 0.57735026918962576);
            from = 0.52359877559829887;
        }
        double z = t * t, sum = 0;
        for (int n = 33; n > 1; n -= 2) sum = ((n & 2) == 0 ? 1.0 / n + sum : -1.0 / n + sum) * z;
        double y = from + (t + t * sum);
        return CopySign(isInverse ? 1.5707963267948966 - y : y, x);
    }

    public static double Tanh(double x)
    {
        if (double.IsNaN(x)) return x;                   // said outright: pocl takes the branch below for what is no number
        double t = Abs(x);
        if (t > 22) return CopySign(1, x);
        double e = Expm1(-2 * t);
        return CopySign(-e / (e + 2), x);
    }

    public static double Erf(double x)
    {
        double t = Abs(x);
        return t < 2 ? ErfSeries(x) : CopySign(1 - ErfcTail(t), x);
    }

    public static double Erfc(double x) => x < -2 ? 2 - ErfcTail(-x) : x < 0.5 ? 1 - ErfSeries(x) : ErfcTail(x);

    /// <summary>erf x = 2x/√π · e^(−x²) · (1 + 2x²/3 + (2x²)²/(3·5) + …): all terms positive, nothing cancels.</summary>
    private static double ErfSeries(double x)
    {
        double sum = 1, term = 1, twice = 2 * x * x;
        for (int n = 1; n < 64 && term > 1e-17 * sum; n++)
        {
            term *= twice / (2 * n + 1);
            sum += term;
        }
        return 1.1283791670955126 * x * Exp(-x * x) * sum;
    }

    /// <summary>erfc x for x ≥ ½ by Laplace's continued fraction, from the far end.</summary>
    private static double ErfcTail(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x > 27.3) return 0;
        int terms = (int)(20 + 200 / (x * x));
        double fraction = x;
        for (int n = terms; n > 0; n--) fraction = x + n * 0.5 / fraction;
        // The rounding error of x² would be magnified by x² itself: halves of x make it known.
        double square = x * x, high = Upper(x), low = x - high;
        double error = (high * high - square) + 2 * high * low + low * low;
        return Exp(-square) * (1 - error) / (fraction * 1.7724538509055159);
    }

    /// <summary>aᵇ, with the special values of IEEE pow.</summary>
    public static double Pow(double a, double b)
    {
        if (b == 0 || a == 1) return 1;
        if (double.IsNaN(a) || double.IsNaN(b)) return double.NaN;
        double size = Abs(a);
        bool isWhole = Floor(b) == b, isOdd = isWhole && Abs(b) < 9007199254740992.0 && ((long)b & 1) != 0;
        double y;
        if (Abs(b) == double.PositiveInfinity) y = size == 1 ? 1 : (size > 1) == (b > 0) ? double.PositiveInfinity : 0;
        else if (size == 0) y = b > 0 ? 0 : double.PositiveInfinity;
        else if (size == double.PositiveInfinity) y = b > 0 ? size : 0;
        else if (a < 0 && !isWhole) return double.NaN;
        else y = isWhole && Abs(b) <= 64 ? WholePower(size, (int)b) : PositivePower(size, b);
        return isOdd && (Interop.FloatAsInt(a) >> 63) != 0 ? -y : y;
    }

    /// <summary>
    /// e^(b·ln a), with what rounding takes from the logarithm and from the product put back: the exponential would magnify both.
    /// </summary>
    private static double PositivePower(double a, double b)
    {
        double log = Log(a), product = b * log, y = Exp(product);
        if (y == 0 || y == double.PositiveInfinity || a < 1e-300) return y;
        double highA = Upper(log), lowA = log - highA, highB = Upper(b), lowB = b - highB;
        double lost = (highB * highA - product) + highB * lowA + lowB * highA + lowB * lowA;
        return y + y * (lost + b * (a / Exp(log) - 1));
    }

    /// <summary>The upper half of a number's digits.</summary>
    private static double Upper(double x) => Interop.IntAsFloat(Interop.FloatAsInt(x) & 0xFFFFFFFF_F8000000);

    private static double WholePower(double a, int n)
    {
        double y = 1;
        for (int rest = n < 0 ? -n : n; rest != 0; rest >>= 1, a *= a)
            if ((rest & 1) != 0) y *= a;
        return n < 0 ? 1 / y : y;
    }

    [MethodImpl(AggressiveInlining)]
    public static double Abs(double x) => Interop.IntAsFloat(Interop.FloatAsInt(x) & 0x7FFFFFFF_FFFFFFFF);

    [MethodImpl(AggressiveInlining)]
    public static double CopySign(double magnitude, double sign)
        => Interop.IntAsFloat((Interop.FloatAsInt(magnitude) & 0x7FFFFFFF_FFFFFFFF) | (Interop.FloatAsInt(sign) & 0x80000000_00000000));

    /// <summary>The nearest whole number, halves to the even one: from 2⁵² on all are whole; below, adding that rounds.</summary>
    public static double Round(double x)
    {
        double t = Abs(x);
        return t < 4503599627370496.0 ? CopySign(t + 4503599627370496.0 - 4503599627370496.0, x) : x;
    }

    public static double Floor(double x)
    {
        double near = Round(x);
        return near > x ? near - 1 : near;
    }

    /// <summary>x·2ⁿ in two steps, through the denormals.</summary>
    private static double Scale(double x, int n)
    {
        int half = n >> 1;
        return x * Interop.IntAsFloat((ulong)(half + 1023) << 52) * Interop.IntAsFloat((ulong)(n - half + 1023) << 52);
    }
}
