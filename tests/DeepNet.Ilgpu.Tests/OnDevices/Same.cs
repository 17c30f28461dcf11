namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Results of two devices beside each other.</summary>
internal static class Same
{
    /// <summary>
    /// Equal within the tolerance, of each number or of the largest one: sums whose terms cancel lose what the terms had in digits. NaN and
    /// infinities are equal to themselves.
    /// </summary>
    public static void Check(string what, Tensor expected, Tensor actual, double tolerance)
    {
        Assert.True(expected.Shape.Equals(actual.Shape), $"{what}: shape {actual.Shape}, should be {expected.Shape}");
        Assert.True(expected.DType == actual.DType, $"{what}: {actual.DType.Name()}, should be {expected.DType.Name()}");
        double[] e = expected.Detach().To(Device.Cpu).ToArray<double>(), a = actual.Detach().ToArray<double>();
        double largest = Math.Max(1, e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < e.Length; i++)
            Assert.True(
                a[i].Equals(e[i]) || Math.Abs(a[i] - e[i]) <= tolerance * largest,
                $"{what}: element {i} is {a[i]:R}, on the processor {e[i]:R}");
    }

    public static double Tolerance(DType dtype) => dtype switch
    {
        DType.Float64 => 1e-11,
        DType.Float32 => 1e-5,
        _ => 0,
    };
}
