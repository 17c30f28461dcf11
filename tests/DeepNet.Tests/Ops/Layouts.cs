namespace DeepNet.Tests.Operators;

/// <summary>Ways for the same elements to lie in memory, and shapes at which loops go wrong.</summary>
internal static class Layouts
{
    /// <summary>
    /// Lengths around the vectors of 2 to 16 lanes and around a few of them in a row, and both sides of where work is shared among threads.
    /// </summary>
    public static int[] Lengths { get; } = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 129];

    /// <summary>Views of the values: every shape and stride that a kernel should not care about.</summary>
    public static IEnumerable<(string Name, Tensor View)> Of(double[] values, DType dtype)
    {
        foreach (int length in Lengths) yield return ($"{length} elements", Vector(values, dtype, length));
        if (dtype == DType.Float32) yield return ("33001 elements, more than one thread's", Vector(values, dtype, 33001));
        yield return ("a scalar", Vector(values, dtype, 1).Reshape());
        yield return ("no elements in rank 3", Vector(values, dtype, 0).Reshape(2, 0, 3));
        var block = Vector(values, dtype, 3 * 5 * 7).Reshape(3, 5, 7);
        yield return ("a transpose", block.Reshape(15, 7).T);
        yield return ("permuted axes", block.Permute(2, 0, 1));
        yield return ("inner axes exchanged", block.Permute(0, 2, 1));
        yield return ("one column", block.View(new Shape(3, 5), [35, 7], 3));
        yield return ("a window", block.View(new Shape(2, 3, 4), [35, 7, 1], 9));
        yield return ("every second, backwards", block.View(new Shape(9), [-2], 20));
        yield return ("a repeated row", Vector(values, dtype, 19).Expand(4, 19));
        yield return ("a repeated column", Vector(values, dtype, 19).Reshape(19, 1).Expand(19, 6));
        yield return ("a repeated scalar", Vector(values, dtype, 1).Reshape().Expand(3, 37));
        yield return ("axes of length 1", block.View(new Shape(1, 3, 1, 5), [99, 35, 0, 7], 1));
    }

    private static Tensor Vector(double[] values, DType dtype, int length)
    {
        var repeated = new double[length];
        for (int i = 0; i < length; i++) repeated[i] = values[i % values.Length];
        return Tensor.From<double>(repeated).To(dtype);
    }
}
