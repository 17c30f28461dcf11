namespace DeepNet.Devices.Cpu;

/// <summary>
/// Gauss and Legendre's integration over a panel. So many nodes are exact to 1e-13 for e^(−E) where E is convex and grows to
/// <see cref="Depth"/>, on panels in which it bends as it does up to <see cref="Bend"/>.
/// </summary>
internal static class GaussLegendre
{
    /// <summary>e⁻³⁸ of the largest value is nothing in double precision: integrals end there.</summary>
    public const double Depth = 38;

    /// <summary>The longest panel for exponents with powers of e in them.</summary>
    public const double Bend = 6;

    private const int Nodes = 28;

    private static readonly (double Place, double Weight)[] Rule = Make();

    /// <summary>The nodes in [0, 1] and their weights, which add up to 1.</summary>
    public static ReadOnlySpan<(double Place, double Weight)> Points => Rule;

    /// <summary>The zeros of a Legendre polynomial, by Newton's method.</summary>
    private static (double, double)[] Make()
    {
        var rule = new (double, double)[Nodes];
        for (int i = 0; i < Nodes; i++)
        {
            double z = Math.Cos(Math.PI * (i + 0.75) / (Nodes + 0.5)), slope = 0;
            for (int step = 0; step < 8; step++)
            {
                double p = 1, before = 0;
                for (int k = 1; k <= Nodes; k++) (p, before) = (((2 * k - 1) * z * p - (k - 1) * before) / k, p);
                slope = Nodes * (z * p - before) / (z * z - 1);
                z -= p / slope;
            }
            rule[i] = ((1 - z) / 2, 1 / ((1 - z * z) * slope * slope));
        }
        return rule;
    }
}
