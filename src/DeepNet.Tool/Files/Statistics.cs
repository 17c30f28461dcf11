using System.Globalization;

namespace DeepNet.Tool.Files;

/// <summary>Statistics of elements: those that are finite, and how many are not.</summary>
internal sealed record Statistics(double Least, double Most, double Mean, double Deviation, long NotFinite)
{
    private const int Piece = 1 << 20;      // elements that are looked at together

    /// <summary>Computes the statistics of a tensor; null if it has no elements.</summary>
    public static Statistics? Of(Tensor tensor)
    {
        if (tensor.Count == 0) return null;
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        var flat = tensor.Reshape(-1);
        return Of(Enumerable.Range(0, (int)((tensor.Count + Piece - 1) / Piece)).Select(
            i => flat[(i * Piece)..(int)Math.Min(tensor.Count, (i + 1L) * Piece)].ToArray<double>()));
    }

    /// <summary>Computes the statistics of numbers; null if there are none.</summary>
    public static Statistics? Of(IEnumerable<double[]> pieces)
    {
        long count = 0, notFinite = 0;
        double least = double.PositiveInfinity, most = double.NegativeInfinity, mean = 0, squares = 0;
        foreach (double[] piece in pieces)
        {
            foreach (double value in piece)
            {
                if (!double.IsFinite(value))
                {
                    notFinite++;
                    continue;
                }
                // Welford's update: no loss of digits where the mean is large.
                double distance = value - mean;
                mean += distance / ++count;
                squares += distance * (value - mean);
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            }
        }
        return count > 0 ? new(least, most, mean, Math.Sqrt(squares / count), notFinite)
            : notFinite > 0 ? new(double.NaN, double.NaN, double.NaN, double.NaN, notFinite) : null;
    }

    /// <summary>Formats a number with the digits that a table has room for.</summary>
    public static string Text(double value)
        => double.IsNaN(value) ? ""
            : value.ToString(Math.Abs(value) is 0 or (>= 1e-4 and < 1e7) ? "0.####" : "0.###e+0", CultureInfo.InvariantCulture);
}
