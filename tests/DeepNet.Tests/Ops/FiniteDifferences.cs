namespace DeepNet.Tests.Operators;

/// <summary>
/// Derivatives of the first and second order against central differences in float64. Written apart from the library's own
/// GradCheck, on nothing but Backward: that one is checked too.
/// </summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-6, Absolute = 1e-5, Relative = 1e-3;

    /// <summary>Checks the gradient of every element of every input, then the gradient of the gradient.</summary>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        double[][] point = [.. inputs.Select(x => x.ToArray<double>())];
        var shapes = inputs.Select(x => x.Shape).ToArray();
        CheckSlope("first derivative", point, p => Value(function, p, shapes), p => First(function, p, shapes));
        CheckSlope("second derivative", point, p => Along(First(function, p, shapes)), p => Second(function, p, shapes));
    }

    private static void CheckSlope(string what, double[][] point, Func<double[][], double> value, Func<double[][], double[][]> slope)
    {
        double[][] analytic = slope(point);
        for (int k = 0; k < point.Length; k++)
        {
            for (int i = 0; i < point[k].Length; i++)
            {
                double x = point[k][i];
                point[k][i] = x + Step;
                double above = value(point);
                point[k][i] = x - Step;
                double below = value(point);
                point[k][i] = x;
                double numeric = (above - below) / (2 * Step);
                Assert.True(Math.Abs(numeric - analytic[k][i]) <= Absolute + Relative * Math.Abs(numeric),
                    $"{what} by input {k}, element {i} (at {x}): {analytic[k][i]}, by finite differences {numeric}");
            }
        }
    }

    // A scalar out of any shape, with another weight for each element so that none can hide another.
    private static Tensor Weights(Shape shape)
        => Tensor.From<double>([.. Enumerable.Range(0, (int)shape.Count).Select(i => Math.Cos(1 + 2.3 * i))], shape);

    private static Tensor[] Leaves(double[][] point, Shape[] shapes)
        => [.. point.Zip(shapes, (values, shape) => Tensor.From<double>(values, shape).WithGrad())];

    private static double Value(Func<Tensor[], Tensor> function, double[][] point, Shape[] shapes)
    {
        using var off = Autograd.NoGrad();
        var y = function([.. point.Zip(shapes, (values, shape) => Tensor.From<double>(values, shape))]);
        return y.ToArray<double>().Zip(Weights(y.Shape).ToArray<double>(), (a, b) => a * b).Sum();
    }

    private static double[][] First(Func<Tensor[], Tensor> function, double[][] point, Shape[] shapes)
    {
        var x = Leaves(point, shapes);
        var y = function(x);
        if (y.RequiresGrad) y.Backward(Weights(y.Shape));
        return Gradients(x);
    }

    private static double Along(double[][] gradients) => gradients.Sum(g => g.Select((v, i) => v * Math.Cos(1 + 2.3 * i)).Sum());

    private static double[][] Second(Func<Tensor[], Tensor> function, double[][] point, Shape[] shapes)
    {
        var x = Leaves(point, shapes);
        var y = function(x);
        if (!y.RequiresGrad) return Gradients(x);
        y.Backward(Weights(y.Shape), createGraph: true);
        var first = x.Select(leaf => leaf.Grad).ToArray();
        foreach (var leaf in x) leaf.Grad = null;
        foreach (var g in first)
            if (g is { RequiresGrad: true }) g.Backward(Weights(g.Shape), retainGraph: true);
        return Gradients(x);
    }

    private static double[][] Gradients(Tensor[] x)
        => [.. x.Select(leaf => (leaf.SparseGrad?.ToDense() ?? leaf.Grad)?.ToArray<double>() ?? new double[leaf.Count])];
}
