namespace DeepNet.Devices.Cpu;

/// <summary>
/// One side of the moments of a beta distribution's logarithms, from which its distribution function and the derivatives of that follow;
/// see <see cref="BetaMoment"/>.
/// </summary>
internal static unsafe class BetaIntegral
{
    // Where e^v overflows, it is all that is left beside 1.
    private const double Overflow = 600;

    /// <summary>y = the moments of the given orders for each pair of concentrations and a place; dense float64.</summary>
    public static void Run(int first, int second, Tensor a, Tensor b, Tensor x, Tensor y)
    {
        var body = new Body
        {
            A = a.Pointer<double>(), B = b.Pointer<double>(), X = x.Pointer<double>(), Y = y.Pointer<double>(), First = first,
            Second = second,
        };
        WorkerPool.For(y.Count, 32, ref body);
        GC.KeepAlive((a, b, x, y));
    }

    private struct Body : IParallelBody
    {
        public double* A, B, X, Y;
        public int First, Second;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++) Y[i] = Moment(First, Second, A[i], B[i], X[i]);
        }
    }

    private static double Moment(int first, int second, double a, double b, double x)
    {
        if (!(a > 0 && b > 0 && double.IsFinite(a + b)) || double.IsNaN(x)) return double.NaN;
        if (x <= 0 || x >= 1) return 0;
        double logX = Math.Log(x), logRest = DoubleFunctions.Log1p(-x), mean = Digamma(a + b);
        double offsetX = logX - Digamma(a) + mean, offsetRest = logRest - Digamma(b) + mean;
        double density = Density(a, b, x);
        // Above x, the variable is exchanged for what it lacks to 1.
        return x > a / (a + b)
            ? -density * new Side(b, a, 1 - x, x, offsetRest, offsetX, second, first).Integral()
            : density * new Side(a, b, x, 1 - x, offsetX, offsetRest, first, second).Integral();
    }

    private static double Digamma(double x) => new Digamma().Forward(new F64(x)).V;

    /// <summary>
    /// xᵃ·(1 − x)ᵇ over the beta function, by what these are beside their values at the mean: large logarithms would cancel.
    /// </summary>
    private static double Density(double a, double b, double x)
    {
        double total = a + b, beyond = x * total - a;
        double log = a * Log(x * total / a, beyond / a) + b * Log((1 - x) * total / b, -beyond / b);
        return Math.Sqrt(a / total * b / (2 * Math.PI)) * Math.Exp(log + Stirling(total) - Stirling(a) - Stirling(b));

        static double Log(double ratio, double lessOne) => Math.Abs(lessOne) < 0.5 ? DoubleFunctions.Log1p(lessOne) : Math.Log(ratio);
    }

    /// <summary>Computes ln Γ(x) less (x − ½)·ln x − x + ½·ln 2π.</summary>
    private static double Stirling(double x)
    {
        if (x < 16) return new LogGamma().Forward(new F64(x)).V - ((x - 0.5) * Math.Log(x) - x + 0.91893853320467274);
        double square = 1 / (x * x);
        return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) / x;
    }

    /// <summary>
    /// The integral below x in v, where ln(t/(1 − t)) is that of x less v: relative to x, tᵃ·(1 − t)ᵇ falls as e^(−E) with a convex E.
    /// </summary>
    private readonly ref struct Side(double a, double b, double x, double rest, double offsetX, double offsetRest, int first, int second)
    {
        /// <summary>ln t and ln(1 − t) less those of x.</summary>
        private (double OfX, double OfRest) Logs(double v) => (
            v > Overflow ? -v - Math.Log(rest) : -DoubleFunctions.Log1p(rest * DoubleFunctions.Expm1(v)),
            -DoubleFunctions.Log1p(x * DoubleFunctions.Expm1(-v)));

        public double Integral()
        {
            double end = End(), bent = Math.Min(end, GaussLegendre.Depth - Math.Log(rest)), sum = 0, from = 0;
            // Up to there E bends; from there on it is a line.
            for (; from < bent; from += GaussLegendre.Bend) sum += Panel(from, Math.Min(bent, from + GaussLegendre.Bend));
            return end > bent ? sum + Panel(bent, end) : sum;
        }

        /// <summary>Finds a place where E is Depth or a little more, by Newton's method from beyond.</summary>
        private double End()
        {
            double end = 1;
            while (Exponent(end) < GaussLegendre.Depth) end *= 2;
            for (double step = end; step > 0.01 * end;)
            {
                double t = x * Math.Exp(-end) / (1 + x * DoubleFunctions.Expm1(-end));
                step = (Exponent(end) - GaussLegendre.Depth) / (a - (a + b) * t);
                end -= step;
            }
            return end;
        }

        private double Exponent(double v)
        {
            var (ofX, ofRest) = Logs(v);
            return -(a * ofX + b * ofRest);
        }

        private double Panel(double from, double to)
        {
            double sum = 0;
            foreach (var (place, weight) in GaussLegendre.Points)
            {
                var (ofX, ofRest) = Logs(from + (to - from) * place);
                double value = weight * Math.Exp(a * ofX + b * ofRest);
                for (int i = 0; i < first; i++) value *= offsetX + ofX;
                for (int i = 0; i < second; i++) value *= offsetRest + ofRest;
                sum += value;
            }
            return sum * (to - from);
        }
    }
}
