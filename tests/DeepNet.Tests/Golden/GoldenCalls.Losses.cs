using DeepNet.Nn;

namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Losses => new()
    {
        ["loss.mse"] = One(c => Loss.Mse(c[0], c[1], Kind(c))),
        ["loss.l1"] = One(c => Loss.L1(c[0], c[1], Kind(c))),
        ["loss.smooth_l1"] = One(c => Loss.SmoothL1(c[0], c[1], reduction: Kind(c))),
        ["loss.huber"] = One(c => Loss.Huber(c[0], c[1], c.Case.Number("delta"), Kind(c))),
        ["loss.bce"] = One(c => Loss.Bce(c[0], c[1], reduction: Kind(c))),
        ["loss.bce_with_logits"] = One(
            c => Loss.BceWithLogits(c[0], c[1], positiveWeight: c.Has(2) ? Constant(c, 2) : null, reduction: Kind(c))),
        ["loss.cross_entropy"] = One(
            c => Loss.CrossEntropy(c[0], Constant(c, 1), Weights(c), Kind(c), c.Case.Number("smoothing", 0), c.Case.Int("ignore", -100))),
        ["loss.nll"] = One(c => Loss.Nll(c[0], c[1], Weights(c), Kind(c))),
        ["loss.kl"] = One(
            c => Loss.KlDivergence(c[0], c[1], c.Case.Flag("logTarget"), c.Case.Flag("sum") ? Reduction.Sum : Reduction.BatchMean)),
        ["loss.gaussian"] = One(c => Loss.GaussianNll(c[0], c[1], c[2], c.Case.Flag("full"))),
        ["loss.poisson"] = One(c => Loss.PoissonNll(c[0], Constant(c, 1), c.Case.Flag("log"), c.Case.Flag("full"))),
        ["loss.hinge"] = One(c => Loss.Hinge(c[0], Constant(c, 1), reduction: Kind(c))),
        ["loss.margin_ranking"] = One(c => Loss.MarginRanking(c[0], c[1], Constant(c, 2), 0.25, Kind(c))),
        ["loss.triplet"] = One(c => Loss.Triplet(c[0], c[1], c[2], 1.5, reduction: Kind(c))),
        ["loss.cosine"] = One(c => Loss.CosineEmbedding(c[0], c[1], Constant(c, 2), 0.1, Kind(c))),
        ["loss.focal"] = One(c => Loss.Focal(c[0], Constant(c, 1), reduction: Kind(c))),
    };

    private static Reduction Kind(GoldenCall c) => c.Case.Text("reduction") switch
    {
        "mean" => Reduction.Mean,
        "sum" => Reduction.Sum,
        _ => Reduction.None,
    };

    /// <summary>An input through which the case sends no gradient.</summary>
    private static Tensor Constant(GoldenCall c, int input)
        => c.Case.Has("detached") && c.Case.Int("detached") == input ? c[input].Detach() : c[input];

    private static Tensor? Weights(GoldenCall c)
        => c.Case.Flag("weighted") ? Tensor.From<double>(1, 0.5, 2, 0.25, 1.5).Narrow(0, 0, c[0].Shape[1]).To(c.DType).To(c.Device) : null;
}
