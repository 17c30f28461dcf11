using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// One side of the moments of a gamma distribution's logarithm, from which its distribution function and the derivatives of its quantiles
/// follow; see <see cref="GammaMoment"/>.
/// </summary>
internal static unsafe class GammaIntegral
{
    private const double Depth = GaussLegendre.Depth, Bend = GaussLegendre.Bend;

    /// <summary>y = the moments of the given order for each pair of a concentration and the logarithm of a place; dense float64.</summary>
    public static void Run(int order, Tensor concentration, Tensor logX, Tensor y)
    {
        var body = new Body { A = concentration.Pointer<double>(), LogX = logX.Pointer<double>(), Y = y.Pointer<double>(), Order = order };
        WorkerPool.For(y.Count, 64, ref body);
        GC.KeepAlive((concentration, logX, y));
    }

    /// <summary>True where the integral is that above x: where it is the smaller one.</summary>
    public static bool IsUpper(double a, double x) => x > Math.Max(a, 1);

    private struct Body : IParallelBody
    {
        public double* A, LogX, Y;
        public int Order;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++) Y[i] = Moment(Order, A[i], LogX[i]);
        }
    }

    private static double Moment(int order, double a, double logX)
    {
        if (!(a > 0 && double.IsFinite(a)) || double.IsNaN(logX)) return double.NaN;
        double x = Math.Exp(logX), offset = logX - new Digamma().Forward(new F64(a)).V;
        if (double.IsInfinity(x)) return 0;
        if (IsUpper(a, x))
        {
            // From where (x − a)·v + x·v²/2 = Depth, which is too far, by Newton's method to where the exponent is −Depth.
            double slope = x - a, end = 2 * Depth / (slope + Math.Sqrt(slope * slope + 2 * Depth * x));
            for (int step = 0; step < 5; step++) end -= (x * DoubleFunctions.Expm1(end) - a * end - Depth) / (x * Math.Exp(end) - a);
            return -Panel(order, a, x, offset, 1, 0, end);
        }
        if (a >= 1)
        {
            // (a − x)·v + x·v²/(2 + v) = Depth, which is a little too far.
            double slope = Depth - 2 * (a - x), root = Math.Sqrt(slope * slope + 8 * Depth * a);
            return Lower(slope > 0 ? (slope + root) / (2 * a) : 4 * Depth / (root - slope));
        }
        // Beyond Depth eᵘ is nothing beside 1, and e^(a·u) is left, which for small a falls slowly.
        return Lower(Depth) + Panel(order, a, x, offset, -1, Depth, Depth + Depth / a);

        double Lower(double end)
            => Panel(order, a, x, offset, -1, 0, Math.Min(Bend, end)) + (end > Bend ? Panel(order, a, x, offset, -1, Bend, end) : 0);
    }

    /// <summary>∫ (offset + u)ⁿ·exp(a·u − x·(eᵘ − 1)) for u = sign·v over v from one number to another.</summary>
    private static double Panel(int order, double a, double x, double offset, double sign, double from, double to)
    {
        double sum = 0;
        foreach (var (place, weight) in GaussLegendre.Points)
        {
            double u = sign * (from + (to - from) * place), value = weight * Math.Exp(a * u - x * DoubleFunctions.Expm1(u));
            for (int i = 0; i < order; i++) value *= offset + u;
            sum += value;
        }
        return sum * (to - from);
    }
}
