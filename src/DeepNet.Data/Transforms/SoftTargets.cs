namespace DeepNet.Data.Transforms;

/// <summary>Common parts of the mixing of examples: partners, shares from a Beta distribution, and targets that can be mixed.</summary>
internal static class SoftTargets
{
    /// <summary>The targets as probabilities: labels become one-hot.</summary>
    public static Tensor Of(string op, Tensor y, int? classes)
    {
        y = y.Detach();
        return y.DType.IsFloating() ? y : y.OneHot(
            classes ?? throw new ArgumentException(
                $"[{op}] the targets are labels ({y.DType.Name()} {y.Shape}), and those cannot be mixed. Say how many classes there are: "
                    + "classes: 10."));
    }

    public static double CheckedAlpha(string op, double alpha)
        => alpha > 0 && double.IsFinite(alpha) ? alpha
            : throw new ArgumentOutOfRangeException(nameof(alpha), $"[{op}] alpha is {alpha}: it must be positive and finite.");

    /// <summary>A share from Beta(alpha, alpha).</summary>
    public static double Share(Generator generator, double alpha)
    {
        double a = generator.Gamma(alpha), b = generator.Gamma(alpha);
        return a + b > 0 ? a / (a + b) : 1;           // both underflow for a tiny alpha: nearly pure
    }

    /// <summary>Each example with its partner, by the share that is its own.</summary>
    public static Tensor Mix(Tensor t, Tensor partners, float[] shares)
    {
        int[] column = [t.Shape[0], .. Enumerable.Repeat(1, t.Rank - 1)];
        var own = Tensor.From<float>(shares, new Shape(column)).To(t.Device);
        var other = t.IndexSelect(0, partners.To(t.Device));
        return other + (t - other) * own;
    }
}
