namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Stats => new()
    {
        ["log_gamma"] = One(c => c[0].LogGamma()),
        ["digamma"] = One(c => c[0].Digamma()),
        ["trigamma"] = One(c => c[0].Trigamma()),
        ["xlogy"] = One(c => c[0].XLogY(c[1])),
        ["lerp"] = One(c => c.Has(2) ? c[0].Lerp(c[1], c[2]) : c[0].Lerp(c[1], c.Case.Number("weight"))),

        ["quantile"] = One(Quantile),
        ["median"] = c => Both(c[0].Median(c.Axis, c.KeepDim, c.Case.Flag("ignoreNan"))),
        ["median_of_all"] = One(c => c[0].Median()),
        ["mode"] = c => Both(c[0].Mode(c.Axis, c.KeepDim)),
        ["kth_value"] = c => Both(c[0].KthValue(c.Case.Int("k"), c.Axis, c.KeepDim)),
        ["cum_max"] = c => Both(c[0].CumMax(c.Axis)),
        ["cum_min"] = c => Both(c[0].CumMin(c.Axis)),
        ["diff"] = One(c => c[0].Diff(c.Case.Int("order"), c.Axis)),
        ["nan_sum"] = One(c => c[0].NanSum(c.Axes)),
        ["nan_mean"] = One(c => c[0].NanMean(c.Axes)),

        ["search_sorted"] = One(c => c[0].SearchSorted(c[1], c.Case.Flag("right"))),
        ["bucketize"] = One(c => c[0].Bucketize(c[1], c.Case.Flag("right"))),
        ["unique"] = c =>
        {
            var (values, inverse, counts) = c.Case.Has("axis") ? c[0].UniqueWithCounts(c.Axis) : c[0].UniqueWithCounts();
            return [values, inverse, counts];
        },
        ["bin_count"] = One(c => c[0].BinCount(c.Has(1) ? c[1] : null, c.Case.Int("minLength", 0))),
        ["histogram"] = c =>
        {
            (double, double)? range = c.Case.Has("range") ? (c.Case.Numbers("range")[0], c.Case.Numbers("range")[1]) : null;
            var (counts, edges) = c[0].Histogram(c.Case.Int("bins"), range, c.Has(1) ? c[1] : null, c.Case.Flag("density"));
            return [counts, edges];
        },
        ["histogram_edges"] = c =>
        {
            var (counts, edges) = c[0].Histogram(c[1]);
            return [counts, edges];
        },
        ["scatter_reduce"] = One(c => c[0].ScatterReduce(c.Axis, c[1], c[2], c.Case.Text("reduction") switch
        {
            "amax" => ScatterReduction.Max,
            "amin" => ScatterReduction.Min,
            var name => Enum.Parse<ScatterReduction>(name, ignoreCase: true),
        }, c.Case.Flag("own"))),
    };

    private static Tensor Quantile(GoldenCall c)
    {
        double[] q = c.Case.Numbers("q");
        var method = c.Case.Has("method") ? Enum.Parse<QuantileInterpolation>(c.Case.Text("method"), ignoreCase: true) : default;
        bool isSingle = c.Case.Flag("single"), ignoreNan = c.Case.Flag("ignoreNan");
        if (!c.Case.Has("axis")) return isSingle ? c[0].Quantile(q[0], method, ignoreNan) : c[0].Quantile(q, method, ignoreNan);
        return isSingle ? c[0].Quantile(q[0], c.Axis, c.KeepDim, method, ignoreNan)
            : c[0].Quantile(q, c.Axis, c.KeepDim, method, ignoreNan);
    }
}
