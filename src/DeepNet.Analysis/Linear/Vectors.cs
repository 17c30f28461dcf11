using System.Numerics.Tensors;

namespace DeepNet.Analysis;

/// <summary>Vectors of doubles.</summary>
internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => TensorPrimitives.Dot(a, b);

    public static double Norm(ReadOnlySpan<double> a) => TensorPrimitives.Norm(a);

    /// <summary>y += factor · x.</summary>
    public static void Add(Span<double> y, double factor, ReadOnlySpan<double> x) => TensorPrimitives.MultiplyAdd(x, factor, y, y);

    public static void Scale(Span<double> y, double factor) => TensorPrimitives.Multiply(y, factor, y);

    public static double[] Sum(ReadOnlySpan<double> a, double factor, ReadOnlySpan<double> b)
    {
        var sum = a.ToArray();
        Add(sum, factor, b);
        return sum;
    }

    /// <summary>Of a vector and its opposite, which are both eigenvectors, the one whose largest component is positive.</summary>
    public static void Orient(Span<double> v)
    {
        double largest = 0;
        foreach (double x in v)
            if (Math.Abs(x) > Math.Abs(largest) * (1 + 1e-9)) largest = x;      // the first of equals, also where rounding parts them
        if (largest < 0) TensorPrimitives.Negate(v, v);
    }

    /// <summary>Independent normal numbers.</summary>
    public static double[] Normal(int size, Generator generator)
    {
        using var scope = Memory.Scope();
        return Tensor.Randn(new Shape(size), DType.Float64, generator: generator).ToArray<double>();
    }

    /// <summary>Independent numbers that are 1 or −1 (Rademacher's).</summary>
    public static double[] Signs(int size, Generator generator)
    {
        using var scope = Memory.Scope();
        var coins = Tensor.Bernoulli(new Shape(size), 0.5, DType.Float64, generator: generator).ToArray<double>();
        for (int i = 0; i < size; i++) coins[i] = 2 * coins[i] - 1;
        return coins;
    }

    /// <summary>A random direction of length 1.</summary>
    public static double[] Direction(int size, Generator generator)
    {
        var v = Normal(size, generator);
        Scale(v, 1 / Norm(v));
        return v;
    }
}
