namespace DeepNet.Labs.Kit;

/// <summary>Straight lines through points.</summary>
internal static class Fit
{
    /// <summary>The slope of the least-squares line.</summary>
    public static double Slope(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }

    /// <summary>The exponent k of y ∝ xᵏ: the slope in a plot with two logarithmic axes.</summary>
    public static double Power(IReadOnlyList<double> x, IReadOnlyList<double> y)
        => Slope([.. x.Select(v => Math.Log(v))], [.. y.Select(v => Math.Log(v))]);

    /// <summary>Numbers from low to high in equal steps.</summary>
    public static double[] Grid(double low, double high, int count)
        => [.. Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1))];

    /// <summary>A function of two numbers on a grid: [i, j] belongs to (x[j], y[i]).</summary>
    public static double[,] Surface(IReadOnlyList<double> x, IReadOnlyList<double> y, Func<double, double, double> f)
    {
        var z = new double[y.Count, x.Count];
        for (int i = 0; i < y.Count; i++)
            for (int j = 0; j < x.Count; j++) z[i, j] = f(x[j], y[i]);
        return z;
    }
}
