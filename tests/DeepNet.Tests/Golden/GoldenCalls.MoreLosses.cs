using DeepNet.Nn;

namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> MoreLosses => new()
    {
        ["loss.ctc"] = One(
            c => Loss.Ctc(c[0].LogSoftmax(-1), c[1], c[2], c[3], c.Case.Int("blank"), c.Case.Flag("zero"), Kind(c))),
        ["loss.multi_margin"] = One(c => Loss.MultiMargin(c[0], c[1], c.Case.Int("p"), 0.75, Weights(c), Kind(c))),
        ["loss.multi_label_margin"] = One(c => Loss.MultiLabelMargin(c[0], Constant(c, 1), Kind(c))),
        ["loss.multi_label_soft_margin"] = One(c => Loss.MultiLabelSoftMargin(c[0], Constant(c, 1), Weights(c), Kind(c))),
        ["loss.soft_margin"] = One(c => Loss.SoftMargin(c[0], Constant(c, 1), Kind(c))),
        ["loss.hinge_embedding"] = One(c => Loss.HingeEmbedding(c[0], Constant(c, 1), 1.25, Kind(c))),
        ["loss.quantile"] = One(c => Loss.Quantile(c[0], c[1], 0.3, Kind(c))),
        ["loss.quantiles"] = One(c => Loss.Quantile(c[0], c[1], [0.1, 0.5, 0.8], Kind(c))),
        ["loss.triplet_swap"] = One(c => Loss.Triplet(c[0], c[1], c[2], 1.5, reduction: Kind(c), swap: true)),
        ["loss.info_nce"] = One(
            c => Loss.InfoNce(c[0], c[1], c.Has(2) ? c[2] : null, 0.2, c.Case.Flag("symmetric"), reduction: Kind(c))),
        ["loss.dice"] = One(
            c => Loss.Dice(c[0], c[1], 0.5, Weights(c), c.Case.Flag("squared"), c.Case.Flag("batch"), Kind(c))),
        ["loss.focal_cross_entropy"] = One(
            c => Loss.FocalCrossEntropy(
                c[0], Constant(c, 1), Weights(c), c.Case.Number("gamma"), Kind(c), c.Case.Number("smoothing", 0))),
    };
}
