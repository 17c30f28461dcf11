namespace DeepNet.Ops;

/// <summary>Sums and means over any axes of what is not NaN. NaN gets no gradient.</summary>
internal sealed class NanSum : ISampled
{
    private NanSum() { }

    public static Tensor Of(Tensor x, uint mask, bool keepDim)
        => x.DType.IsFloating() ? SumOf<NanToZero>.Of(default, Reduction.Widen(x), mask, keepDim) : Sum.Of(x, mask, keepDim);

    /// <summary>The mean; NaN where there is no number.</summary>
    public static Tensor Mean(Tensor x, uint mask, bool keepDim)
    {
        x = Reduction.RequireFloating("nan_mean", x);
        return Of(x, mask, keepDim) / Sum.Of(!x.Detach().IsNaN(), mask, keepDim);
    }

    private static Tensor WithNan(Tensor x) => Tensor.Where(Tensor.From(true, false, true).To(x.Device), x, double.NaN);

    public static IEnumerable<Sample> Samples =>
    [
        new("sum of rows", x => WithNan(x[0]).NanSum(1), Sample.Values(2, 3)),
        new("sum of all, nonlinear", x => WithNan(x[0]).Square().NanSum(), Sample.Values(2, 3)),
        new("mean of rows", x => WithNan(x[0]).NanMean(1, keepDim: true), Sample.Values(2, 3)),
        new("mean over outer axes", x => x[0].NanMean([0, 2]), Sample.Values(2, 3, 2)),
    ];
}
