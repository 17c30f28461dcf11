namespace DeepNet.Tests.Nn;

/// <summary>Compares a fused operator with what it stands for.</summary>
internal static class Fused
{
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
                Assert.True(Math.Abs(expected[i][j] - actual[i][j]) <= tolerance * largest, $"result {i}, element {j} is {actual[i][j]}, composed {expected[i][j]}");
        }
    }

    /// <summary>Results within a tolerance of the exact ones, or no more than twice as far from them as the composed form's.</summary>
    public static void AssertAsGood(double[][] exact, double[][] composed, double[][] actual, double tolerance)
    {
        for (int i = 0; i < exact.Length; i++)
        {
            double largest = exact[i].Select(Math.Abs).Append(1).Max(), error = Distance(exact[i], actual[i]);
            Assert.True(error <= Math.Max(tolerance * largest, 2 * Distance(exact[i], composed[i])), $"result {i} is off by {error}, composed by {Distance(exact[i], composed[i])}");
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
            for (int i = 0; i < one.Length; i++) Assert.Equal(one[i].Select(BitConverter.DoubleToInt64Bits), two[i].Select(BitConverter.DoubleToInt64Bits));
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    private static double[] Values(Tensor x) => x.To(DType.Float64).ToArray<double>();
}
