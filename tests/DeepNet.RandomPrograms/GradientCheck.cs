using System.Globalization;

namespace DeepNet.RandomPrograms;

/// <summary>
/// The derivative along one direction of all leaves by the backward pass against central differences in float64, which are
/// extrapolated and say how far to trust them: tolerance comes from their own error, and a program for which they do not
/// converge is not judged.
/// </summary>
internal static class GradientCheck
{
    private const double Relative = 1e-6;

    public static Failure? Of(RandomProgram program, out bool isJudged)
    {
        isJudged = true;
        var (slope, scale, size, cuts) = Backward.Of(program, DType.Float64, run => (Slope(run, out double s), s, Size(run), run.Cuts));
        if (!double.IsFinite(slope)) return new(FailureKind.Gradient, $"the backward pass gives {slope}");
        // A wrong gradient disagrees at every step; a kink, such as where another element becomes the largest, only at steps that reach it.
        Failure? failure = null;
        foreach (double step in (double[])[1e-3, 1e-4, 1e-5])
        {
            var (numeric, error) = Differences(program, cuts, step);
            double rounding = 1e-15 * size / step, reach = Relative * Math.Max(scale, Math.Abs(numeric)) + rounding;
            if (!(error <= reach)) continue;
            if (Math.Abs(numeric - slope) <= reach + 10 * error) return null;
            failure = new(FailureKind.Gradient, string.Create(CultureInfo.InvariantCulture,
                $"the derivative along the directions is {slope:R} by the backward pass and {numeric:R} ± {error:G2} by differences"));
        }
        isJudged = failure is not null;
        return failure;
    }

    private static double Slope(Run run, out double scale)
    {
        double slope = 0;
        scale = 0;
        for (int i = 0; i < run.Leaves.Count; i++)
        {
            if (Run.GradientOf(run.Leaves[i]) is not { } gradient) continue;
            if (!gradient.Shape.Equals(run.Leaves[i].Shape))
                throw new InvalidOperationException($"leaf {i} of shape {run.Leaves[i].Shape} has a gradient of shape {gradient.Shape}");
            double[] g = gradient.ToArray<double>(), d = Run.Direction(i, gradient.Shape).ToArray<double>();
            for (int k = 0; k < g.Length; k++)
            {
                slope += g[k] * d[k];
                scale += g[k] * d[k] * g[k] * d[k];
            }
        }
        scale = Math.Sqrt(scale);
        return slope;
    }

    private static double Size(Run run)
        => 1 + run.Values.Values.SelectMany(v => v).Where(t => t.DType.IsFloating() && t.Count > 0).Sum(t => t.Abs().Sum().Item<double>());

    private static double Value(RandomProgram program, double step, Dictionary<int, Tensor[]> cuts)
    {
        using var off = Autograd.NoGrad();
        var run = Run.Of(program, DType.Float64, step, cuts);
        // Compensated: the rounding of a plain sum of 100,000 terms, divided by a small step, would be seen in the difference.
        double sum = 0, lost = 0;
        for (int i = 0; i < run.Outputs.Count; i++)
        {
            double[] y = run.Outputs[i].ToArray<double>(), w = Run.Weights(i, run.Outputs[i].Shape).ToArray<double>();
            for (int k = 0; k < y.Length; k++)
            {
                double term = y[k] * w[k] - lost, next = sum + term;
                lost = next - sum - term;
                sum = next;
            }
        }
        return sum;
    }

    // Romberg's scheme of three steps, each half of the one before.
    private static (double Value, double Error) Differences(RandomProgram program, Dictionary<int, Tensor[]> cuts, double step)
    {
        double Central(double h) => (Value(program, h, cuts) - Value(program, -h, cuts)) / (2 * h);
        double[] d = [Central(step), Central(step / 2), Central(step / 4)];
        double coarse = (4 * d[1] - d[0]) / 3, fine = (4 * d[2] - d[1]) / 3, best = (16 * fine - coarse) / 15;
        return (best, Math.Abs(best - fine) + Math.Abs(fine - coarse) / 10);
    }
}
