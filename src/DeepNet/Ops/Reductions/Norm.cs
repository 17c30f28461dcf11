namespace DeepNet.Ops;

/// <summary>
/// The p-norm over any axes: (Σ |x|ᵖ)^(1/p). For p = 0 the number of elements that are not zero, for ±∞ the largest or smallest
/// magnitude. At zero the gradient is zero, which is a subgradient.
/// </summary>
internal sealed class Norm : ISampled
{
    private Norm() { }

    public static Tensor Of(Tensor x, double p, uint mask, bool keepDim)
    {
        if (double.IsNaN(p)) throw new ArgumentException(
            "[norm] p is NaN. Use 1, 2, any other number, or double.PositiveInfinity for the largest magnitude.");
        x = Reduction.RequireFloating("norm", x);
        if (p == 2) return SumOf<Square>.Of(default, x, mask, keepDim).Apply(new Root(2));
        if (p == 1) return SumOf<Abs>.Of(default, x, mask, keepDim);
        if (p == 0) return Sum.Of(x.Detach().NotEqual(0), mask, keepDim).To(x.DType);
        if (double.IsPositiveInfinity(p)) return Extreme.Max(x.Abs(), mask, keepDim);
        if (double.IsNegativeInfinity(p)) return Extreme.Min(x.Abs(), mask, keepDim);
        return SumOf<AbsPower>.Of(new(p), x, mask, keepDim).Apply(new Root(p));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("Euclidean", x => x[0].Norm(), Sample.Values(2, 3)),
        new("Euclidean, rows", x => x[0].Norm(2, 1), Sample.Values(2, 3)),
        new("sum of magnitudes", x => x[0].Norm(1, 0, keepDim: true), Sample.Values(2, 3)),
        new("largest magnitude", x => x[0].Norm(double.PositiveInfinity, 1), Sample.Values(2, 3)),
        new("smallest magnitude", x => x[0].Norm(double.NegativeInfinity), Sample.Values(2, 3)),
        new("any power", x => x[0].Norm(3, [0, 2]), Sample.Values(2, 3, 2)),
        new("a power below 1", x => x[0].Norm(0.5, 1), Sample.Values(2, 3)),
    ];
}
