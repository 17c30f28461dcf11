namespace DeepNet.Tests.Operators;

/// <summary>Reductions as one would write them down, in double: what results are held against.</summary>
internal static class Naive
{
    /// <summary>Applies a function to all elements that meet in one result.</summary>
    public static double[] Reduce(Tensor x, uint mask, Func<double[], double> function)
    {
        var groups = Groups(x, mask);
        return [.. groups.Select(g => function([.. g]))];
    }

    private static List<double>[] Groups(Tensor x, uint mask)
    {
        var to = Axis.Reduced(x.Shape, mask, keepDim: true);
        var groups = new List<double>[to.Count];
        for (int i = 0; i < groups.Length; i++) groups[i] = [];
        double[] values = x.ToArray<double>();
        for (int i = 0; i < values.Length; i++)
        {
            nint at = 0;
            for (int axis = 0; axis < x.Rank; axis++)
                if ((mask >> axis & 1) == 0) at += i / x.Shape.RowMajor[axis] % x.Shape[axis] * to.RowMajor[axis];
            groups[at].Add(values[i]);
        }
        return groups;
    }

    /// <summary>Applies a function to each row along an axis; the results stand where the elements were.</summary>
    public static double[] Along(Tensor x, int axis, Func<double[], double[]> function)
    {
        double[] values = x.ToArray<double>(), result = new double[values.Length];
        int length = x.Shape[axis], inner = (int)x.Shape.RowMajor[axis];
        for (int start = 0; start < values.Length; start++)
        {
            if (start / inner % length != 0) continue;
            var row = new double[length];
            for (int i = 0; i < length; i++) row[i] = values[start + i * inner];
            row = function(row);
            for (int i = 0; i < length; i++) result[start + i * inner] = row[i];
        }
        return result;
    }

    /// <summary>Asserts that values are near the expected ones, relative to them or to 1.</summary>
    /// <param name="magnitude">
    /// For sums, those of the magnitudes: where terms cancel, a sum of float32 numbers may be off by one rounding of that, however it is
    /// computed.
    /// </param>
    public static void AssertClose(double[] expected, Tensor actual, double tolerance, double[]? magnitude = null)
    {
        double[] values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = values[i];
            double bound = Math.Max(tolerance * Math.Max(1, Math.Abs(e)), magnitude is null ? 0 : Math.ScaleB(magnitude[i], -24));
            Assert.True(e.Equals(a) || Math.Abs(e - a) <= bound, $"[{i}] of shape {actual.Shape}: {a}, not {e}");
        }
    }
}
