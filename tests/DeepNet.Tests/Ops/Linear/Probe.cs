namespace DeepNet.Tests.Operators;

/// <summary>Reference values for tests of linear operators: in double, from one seed, by naive loops.</summary>
internal static class Probe
{
    /// <summary>Values in [-1, 1) that depend on the seed alone.</summary>
    public static Tensor Random(int seed, params int[] shape) => Random(seed, DType.Float64, shape);

    public static Tensor Random(int seed, DType dtype, params int[] shape)
    {
        var random = new System.Random(seed);
        var target = new Shape(shape);
        var values = new double[target.Count];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextDouble() * 2 - 1;
        return Tensor.From<double>(values, target).To(dtype);
    }

    /// <summary>The same elements, but every axis in reverse order of memory: nothing about it is contiguous.</summary>
    public static Tensor Scattered(Tensor x)
    {
        int[] reverse = [.. Enumerable.Range(0, x.Rank).Reverse()];
        return x.Permute(reverse).Clone().Permute(reverse);
    }

    public static void Equal(double[] expected, Tensor actual, double tolerance = 1e-12)
    {
        double[] values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - values[i]) <= tolerance * (1 + Math.Abs(expected[i])) || expected[i].Equals(values[i]),
                $"element {i} of {actual.Shape}: expected {expected[i]:R}, got {values[i]:R}");
    }

    public static void Equal(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Equal(expected.ToArray<double>(), actual, tolerance);
    }

    /// <summary>
    /// Compares the derivative of Σ f(x) · u for a fixed u with central differences in every element; with <paramref name="order"/> 2, that
    /// of the derivative itself.
    /// </summary>
    public static void Derivative(Func<Tensor[], Tensor> f, Tensor[] inputs, int order = 1)
    {
        if (order == 2)
        {
            // Squared, since the derivative of a linear function depends on nothing.
            Derivative(x => Flat([.. Gradients(t => f(t).Square(), x, create: true)]), inputs);
            return;
        }
        double[][] analytic = [.. Gradients(f, inputs, create: false).Select(g => g.ToArray<double>())];
        const double step = 1e-6;
        for (int i = 0; i < inputs.Length; i++)
        {
            double[] values = inputs[i].ToArray<double>();
            for (int j = 0; j < values.Length; j++)
            {
                double At(double value)
                {
                    double[] moved = [.. values];
                    moved[j] = value;
                    Tensor[] x = [.. inputs.Select(t => t.Detach())];
                    x[i] = Tensor.From<double>(moved, inputs[i].Shape);
                    if (order == 1) foreach (var t in x) t.RequiresGrad = true;
                    double[] y = f(x).ToArray<double>(), u = Weights(y.Length);
                    return y.Zip(u, (p, q) => p * q).Sum();
                }
                double numeric = (At(values[j] + step) - At(values[j] - step)) / (2 * step);
                Assert.True(
                    Math.Abs(numeric - analytic[i][j]) <= 1e-5 + 1e-3 * Math.Abs(numeric),
                    $"input {i}, element {j}: differences give {numeric:R}, the derivative {analytic[i][j]:R}");
            }
        }
    }

    private static Tensor[] Gradients(Func<Tensor[], Tensor> f, Tensor[] inputs, bool create)
    {
        // Inputs that are being differentiated again keep their place in that graph.
        Tensor[] x = [.. inputs.Select(t => t.RequiresGrad ? t : t.Detach().WithGrad())];
        foreach (var t in x.Where(t => t.IsLeaf)) t.Grad = null;
        var y = f(x);
        y.Backward(Tensor.From<double>(Weights((int)y.Count), y.Shape), createGraph: create);
        var result = x.Select(t => t.Grad ?? Tensor.Zeros(t.Shape, t.DType)).ToArray();
        foreach (var t in x) t.Grad = null;
        return result;
    }

    private static double[] Weights(int n) => [.. Enumerable.Range(0, n).Select(i => 0.5 + (i * 0.37 % 1))];

    private static Tensor Flat(Tensor[] parts)
    {
        // Not Cat, so that this check stands on as little as can be: each part goes to its place by a product with zeros and ones.
        nint total = (nint)parts.Sum(p => (long)p.Count);
        Tensor? sum = null;
        nint at = 0;
        foreach (var part in parts)
        {
            var place = new double[part.Count * total];
            for (nint i = 0; i < part.Count; i++) place[i * total + at + i] = 1;
            var moved = part.Reshape(-1).MatMul(Tensor.From<double>(place, new Shape((int)part.Count, (int)total)));
            sum = sum is null ? moved : sum + moved;
            at += part.Count;
        }
        return sum!;
    }
}
