namespace DeepNet.Tests;

/// <summary>Compares a fused operator with what it stands for.</summary>
internal static class Fused
{
    /// <summary>Steps, batch, features, units, bias or none, and the direction.</summary>
    public static TheoryData<int, int, int, int, bool, bool> Sequences
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, bool,
                bool> { { 1, 1, 1, 1, true, false }, { 1, 5, 3, 4, false, true }, { 7, 1, 2, 9, true, false },
                    { 9, 33, 17, 16, true, true } };
            var random = new Random(2);
            for (int i = 0; i < 8; i++)
                cases.Add(
                    random.Next(1, 12), random.Next(1, 40), random.Next(1, 30), random.Next(1, 40), random.Next(2) == 0,
                    random.Next(2) == 0);
            return cases;
        }
    }

    /// <summary>Holds an operator against its composed form, in both types.</summary>
    public static void AssertIsComposed(Tensor[] inputs, Tensor upstream, Func<Tensor[], Tensor> fused, Func<Tensor[], Tensor> composed)
    {
        // Exact in float32, so that both types start from the same numbers.
        inputs = [.. inputs.Select(x => x.To(DType.Float32).To(DType.Float64).WithGrad())];
        Tensor[] singles = [.. inputs.Select(x => x.Detach().To(DType.Float32).WithGrad())];
        double[][] Run(Tensor[] x) => Fused.Run(x, upstream.To(x[0].DType), () => fused(x));
        double[][] Composed(Tensor[] x) => Fused.Run(x, upstream.To(x[0].DType), () => composed(x));

        var exact = Composed(inputs);
        AssertNear(exact, Run(inputs), 1e-12);
        AssertNear(exact[..1], Run(singles)[..1], 1e-6);
        // Sums over steps are taken in another order: no further from the truth than the composed form's, or what rounding is worth.
        AssertAsGood(exact, Composed(singles), Run(singles), 1e-6);
        AssertSameOnTwoThreads(() => Run(inputs));
        AssertSameOnTwoThreads(() => Run(singles));
    }

    /// <summary>The result and the gradients of the inputs.</summary>
    public static double[][] Run(Tensor[] inputs, Tensor upstream, Func<Tensor> forward)
    {
        foreach (var input in inputs) input.Grad = null;
        var y = forward();
        y.Backward(upstream);
        double[][] results = [Values(y), .. inputs.Select(input => Values(input.Grad!))];
        foreach (var input in inputs) input.Grad = null;
        return results;
    }

    public static void AssertNear(double[][] expected, double[][] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            double largest = expected[i].Select(Math.Abs).Append(1).Max();
            for (int j = 0; j < expected[i].Length; j++)
                Assert.True(
                    Math.Abs(expected[i][j] - actual[i][j]) <= tolerance * largest,
                    $"result {i}, element {j} is {actual[i][j]}, composed {expected[i][j]}");
        }
    }

    /// <summary>Results within a tolerance of the exact ones, or no more than twice as far from them as the composed form's.</summary>
    public static void AssertAsGood(double[][] exact, double[][] composed, double[][] actual, double tolerance)
    {
        for (int i = 0; i < exact.Length; i++)
        {
            double largest = exact[i].Select(Math.Abs).Append(1).Max(), error = Distance(exact[i], actual[i]);
            Assert.True(
                error <= Math.Max(tolerance * largest, 2 * Distance(exact[i], composed[i])),
                $"result {i} is off by {error}, composed by {Distance(exact[i], composed[i])}");
        }
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>The same bits, whether one thread works or two.</summary>
    public static void AssertSameOnTwoThreads(Func<double[][]> run)
    {
        int threads = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            var one = run();
            CpuDevice.Threads = 2;
            var two = run();
            for (int i = 0; i < one.Length; i++)
                Assert.Equal(one[i].Select(BitConverter.DoubleToInt64Bits), two[i].Select(BitConverter.DoubleToInt64Bits));
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    private static double[] Values(Tensor x) => x.To(DType.Float64).ToArray<double>();
}
