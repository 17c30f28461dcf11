namespace DeepNet.Devices.Cpu;

/// <summary>
/// Random numbers of distributions whose inverse is no formula, by rejection. An element is a function of its own stream.
/// </summary>
internal static unsafe class RejectionLoop
{
    private const nint Grain = 256;

    /// <summary>y = gamma distributed numbers of rate 1, or their logarithms, which do not underflow; dense float64.</summary>
    public static void Gamma(Tensor concentration, RandomSource stream, Tensor y, bool isLog)
    {
        var body = new Body
        {
            X = concentration.Pointer<double>(), Y = y.Pointer<double>(), Stream = stream, Kind = isLog ? Kind.LogGamma : Kind.Gamma,
        };
        WorkerPool.For(y.Count, Grain, ref body, concentration, y);
    }

    /// <summary>y = Poisson distributed numbers; dense float64.</summary>
    public static void Poisson(Tensor rate, RandomSource stream, Tensor y)
    {
        var body = new Body { X = rate.Pointer<double>(), Y = y.Pointer<double>(), Stream = stream, Kind = Kind.Poisson };
        WorkerPool.For(y.Count, Grain, ref body, rate, y);
    }

    private enum Kind
    {
        Gamma,
        LogGamma,
        Poisson,
    }

    private struct Body : IParallelBody
    {
        public double* X, Y;
        public RandomSource Stream;
        public Kind Kind;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                var draws = new ElementStream(Stream, i);
                Y[i] = Kind switch
                {
                    Kind.Poisson => Poisson(X[i], ref draws),
                    Kind.LogGamma => LogGamma(X[i], ref draws),
                    _ => Math.Exp(LogGamma(X[i], ref draws)),
                };
            }
        }
    }

    /// <summary>
    /// Marsaglia and Tsang ("A simple method for generating gamma variables", 2000); below 1 by way of a + 1, times a power of a uniform
    /// number.
    /// </summary>
    private static double LogGamma(double a, ref ElementStream draws)
    {
        if (!(a > 0 && double.IsFinite(a))) return double.NaN;
        double power = a < 1 ? Math.Log(draws.Next().First) / a : 0;
        double d = (a < 1 ? a + 1 : a) - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var (radius, turn, level) = draws.Next();
            double z = Math.Sqrt(-2 * Math.Log(radius)) * Math.Cos(2 * Math.PI * turn), root = 1 + c * z;
            if (root <= 0) continue;
            double log = 3 * Math.Log(root);
            if (Math.Log(level) < 0.5 * z * z + d * (1 - root * root * root + log)) return Math.Log(d) + log + power;
        }
    }

    /// <summary>Small rates by adding up probabilities, larger ones by Hörmann's transformed rejection (PTRS, 1993).</summary>
    private static double Poisson(double rate, ref ElementStream draws)
    {
        if (!(rate >= 0 && double.IsFinite(rate))) return double.NaN;
        if (rate < 10)
        {
            double k = 0, p = Math.Exp(-rate), left = draws.Next().First - p;
            for (; left > 0 && p > 0; left -= p) p *= rate / ++k;
            return k;
        }
        double b = 0.931 + 2.53 * Math.Sqrt(rate), a = -0.059 + 0.02483 * b, log = Math.Log(rate);
        double inverse = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            var (first, v, _) = draws.Next();
            double u = first - 0.5, us = 0.5 - Math.Abs(u), k = Math.Floor((2 * a / us + b) * u + rate + 0.43);
            if (us >= 0.07 && v <= squeeze) return k;
            if (k < 0 || (us < 0.013 && v > us)) continue;
            if (Math.Log(v * inverse / (a / (us * us) + b)) <= k * log - rate - new LogGamma().Forward(new F64(k + 1)).V) return k;
        }
    }
}
