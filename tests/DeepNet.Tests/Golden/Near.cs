namespace DeepNet.Tests.Golden;

/// <summary>Compares a result with the golden one, within a tolerance.</summary>
/// <remarks>
/// float64: 1e-12, float32: 1e-5, of the value or of the largest one in the tensor divided by 8 (sums of terms of both signs
/// lose what the terms had in digits), and at least 1. Special values: 8e-16 and 4.8e-7 (4 ulp) of the value itself, with
/// two steps of slack among the denormals; for compositions 256 times that, and denormals may lose their digits, since
/// what they are composed of does. Integers and bools: exactly.
/// </remarks>
internal static class Near
{
    public static void Check(string what, GoldenTensor expected, Tensor actual, DType floating, GoldenCase golden)
    {
        var dtype = expected.In(floating);
        Assert.True(actual.DType == dtype, $"{what}: is {actual.DType.Name()}, should be {dtype.Name()}");
        Assert.True(actual.Shape.Equals((Shape)expected.Shape), $"{what}: has shape {actual.Shape}, should have {(Shape)expected.Shape}");
        if (dtype.IsFloating()) CheckReals(what, expected.Reals, actual, dtype, golden);
        else Assert.Equal(expected.Integers, actual.ToArray<long>());
    }

    private static void CheckReals(string what, double[] expected, Tensor tensor, DType dtype, GoldenCase golden)
    {
        double[] actual = tensor.ToArray<double>();
        bool isDouble = dtype == DType.Float64;
        double largest = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = actual[i], size = Math.Abs(e);
            double tolerance = golden.IsEdges
                ? Math.Max(EdgeTolerance(size, isDouble, golden.IsComposed), golden.Absolute(i))
                : (isDouble ? 1e-12 : 1e-5) * Math.Max(Math.Max(1, size), largest / 8);
            bool same = double.IsFinite(e) ? Math.Abs(a - e) <= tolerance : a.Equals(e);
            if (same && e == 0 && a == 0 && golden.HasSignedZeros) same = double.IsNegative(a) == double.IsNegative(e);
            Assert.True(same, $"{what}[{i}] is {a:R}, should be {e:R}{At(golden, i, expected.Length)}");
        }
    }

    private static double EdgeTolerance(double size, bool isDouble, bool composed)
    {
        double relative = isDouble ? 8e-16 : 4.8e-7, smallest = isDouble ? 2 * double.Epsilon : 2 * (double)float.Epsilon;
        if (composed)
        {
            relative *= 256;
            smallest = isDouble ? 2.3e-308 : 1.2e-38;
        }
        return Math.Max(relative * size, smallest);
    }

    // For elementwise cases: at which argument.
    private static string At(GoldenCase golden, int i, int count)
        => golden.Inputs.All(x => x.Reals.Length == count)
            ? $" at {string.Join(", ", golden.Inputs.Select(x => x.Reals[i].ToString("R")))}"
            : "";
}
