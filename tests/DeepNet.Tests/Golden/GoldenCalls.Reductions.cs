namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Reductions => new()
    {
        ["sum"] = One(c => c[0].Sum(c.Axes, c.KeepDim)),
        ["mean"] = One(c => c[0].Mean(c.Axes, c.KeepDim)),
        ["prod"] = One(c => c[0].Prod(c.Axes, c.KeepDim)),
        ["max"] = One(c => c[0].Max(c.Axes, c.KeepDim)),
        ["min"] = One(c => c[0].Min(c.Axes, c.KeepDim)),
        ["logsumexp"] = One(c => c[0].LogSumExp(c.Axes, c.KeepDim)),
        ["var"] = One(c => c[0].Var(c.Axes, c.KeepDim, c.Case.Int("correction"))),
        ["std"] = One(c => c[0].Std(c.Axes, c.KeepDim, c.Case.Int("correction"))),
        ["norm"] = One(c => c[0].Norm(Order(c.Case.Text("p")), c.Axes)),
        ["normalize"] = One(c => c[0].Normalize(Order(c.Case.Text("p")), c.Axis, c.Case.Number("epsilon"))),
        ["cosine_similarity"] = One(c => c[0].CosineSimilarity(c[1], c.Axis)),
        ["all"] = One(c => c[0].All(c.Axes, c.KeepDim)),
        ["any"] = One(c => c[0].Any(c.Axes, c.KeepDim)),
        ["argmax"] = One(c => c.Case.Has("axis") ? c[0].ArgMax(c.Axis, c.KeepDim) : c[0].ArgMax()),
        ["argmin"] = One(c => c.Case.Has("axis") ? c[0].ArgMin(c.Axis, c.KeepDim) : c[0].ArgMin()),

        ["softmax"] = One(c => c[0].Softmax(c.Axis)),
        ["log_softmax"] = One(c => c[0].LogSoftmax(c.Axis)),
        ["cumsum"] = One(c => c[0].CumSum(c.Axis)),
        ["cumprod"] = One(c => c[0].CumProd(c.Axis)),

        ["sort"] = c => Both(c[0].Sort(c.Axis, c.Case.Flag("descending"))),
        ["argsort"] = One(c => c[0].ArgSort(c.Axis, c.Case.Flag("descending"))),
        ["topk"] = c => Both(c[0].TopK(c.Case.Int("k"), c.Axis, c.Case.Flag("largest"))),
    };

    private static Tensor[] Both((Tensor Values, Tensor Indices) pair) => [pair.Values, pair.Indices];

    private static double Order(string p) => p switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(p, System.Globalization.CultureInfo.InvariantCulture),
    };
}
