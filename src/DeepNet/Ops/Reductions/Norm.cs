namespace DeepNet.Ops;

/// <summary>
/// The p-norm over any axes: (Σ |x|ᵖ)^(1/p). For p = 0 the number of elements that are not zero, for ±∞ the largest or smallest
/// magnitude. At zero the gradient is zero, which is a subgradient.
/// </summary>
internal static class Norm
{
    public static Tensor Of(Tensor x, double p, uint mask, bool keepDim)
    {
        if (double.IsNaN(p)) throw new ArgumentException("[norm] p is NaN. Use 1, 2, any other number, or double.PositiveInfinity for the largest magnitude.");
        x = Reduction.RequireFloating("norm", x);
        if (p == 2) return SumOf<Square>.Of(default, x, mask, keepDim).Apply(new Root(2));
        if (p == 1) return SumOf<Abs>.Of(default, x, mask, keepDim);
        if (p == 0) return Sum.Of(x.Detach().NotEqual(0), mask, keepDim).To(x.DType);
        if (double.IsPositiveInfinity(p)) return Extreme<Largest>.Of("max", x.Abs(), mask, keepDim);
        if (double.IsNegativeInfinity(p)) return Extreme<Smallest>.Of("min", x.Abs(), mask, keepDim);
        return SumOf<AbsPower>.Of(new(p), x, mask, keepDim).Apply(new Root(p));
    }
}
