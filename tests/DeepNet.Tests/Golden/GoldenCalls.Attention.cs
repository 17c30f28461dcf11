using DeepNet.Nn;

namespace DeepNet.Tests.Golden;

// Attention, cells and the stacks of transformers.
internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Sequences => new()
    {
        ["attention.product"] = One(c => Attention.ScaledDotProduct(
            c[0], c[1], c[2], ProductMask(c), scale: c.Case.Has("scale") ? c.Case.Number("scale") : null, offset: c.Case.Int("offset", 0))),
        ["attention.rotary"] = One(c => new RotaryEmbedding(
            c[0].Shape[^1], c.Case.Has("base") ? c.Case.Number("base") : 10000, c.Case.Flag("interleaved"), Scaling(c))
            .Forward(c[0], c.Case.Int("offset", 0))),
        ["nn.grouped_attention"] = c =>
        {
            int dimension = c[0].Shape[2], heads = c.Case.Int("heads");
            var layer = Bind(c, new MultiHeadAttention(
                dimension, heads, batchFirst: true, keyValueHeads: c.Case.Int("shared"), rotary: new(dimension / heads),
                outputBias: false));
            return [layer.Forward(c[0], c[0], c[0], isCausal: true)];
        },
        ["nn.gated_feed_forward"] = Layer(_ => new GatedFeedForward(4, 6)),

        ["nn.lstm_cell"] = c =>
        {
            var cell = Bind(c, new LstmCell(c[0].Shape[^1], Hidden(c), !c.Case.Flag("nobias")));
            var last = cell.Forward(c[0], c.Case.Flag("stateful") ? new LstmState(c[1], c[2]) : null);
            return [last.Hidden, last.Cell];
        },
        ["nn.gru_cell"] = One(c => Bind(c, new GruCell(c[0].Shape[^1], Hidden(c), !c.Case.Flag("nobias")))
            .Forward(c[0], c.Case.Flag("stateful") ? c[1] : null)),
        ["nn.rnn_cell"] = One(c => Bind(c, new RnnCell(c[0].Shape[^1], Hidden(c), c.Case.Flag("relu"), !c.Case.Flag("nobias")))
            .Forward(c[0], c.Case.Flag("stateful") ? c[1] : null)),

        ["nn.encoder"] = One(c => Bind(c, new TransformerEncoder(Options(c), 2, FinalNorm(c)))
            .Forward(c[0], AttentionMask.Causal, Padding.To(c.Device))),
        ["nn.decoder"] = One(c => Bind(c, new TransformerDecoder(Options(c), 2, FinalNorm(c)))
            .Forward(c[0], c[1], AttentionMask.Causal, memoryKeyPaddingMask: Padding.To(c.Device))),
        ["nn.transformer"] = One(c => c.Case.Flag("stepsFirst")
            ? Bind(c, new Transformer(new(4, 1, 3) { Dropout = 0 }, 1, 1)).Forward(c[0], c[1])
            : Bind(c, new Transformer(Options(c), 1, 2))
                .Forward(c[0], c[1], targetMask: AttentionMask.Causal, sourcePaddingMask: Padding.To(c.Device))),
    };

    private static LayerNorm? FinalNorm(GoldenCall c) => c.Case.Flag("first") ? new(4) : null;

    private static RotaryScaling? Scaling(GoldenCall c) => c.Case.Has("linear") ? RotaryScaling.Linear(c.Case.Number("linear"))
        : c.Case.Flag("waves") ? RotaryScaling.ByWavelength(trainedSteps: 64) : null;

    private static AttentionMask? ProductMask(GoldenCall c)
    {
        List<AttentionMask> masks = [];
        masks.AddRange(c.Inputs.Skip(3).Select(x => x.DType == DType.Bool ? AttentionMask.Hide(x) : AttentionMask.Add(x)));
        if (c.Case.Flag("alibi")) masks.Add(AttentionMask.Alibi);
        if (c.Case.Has("window")) masks.Add(AttentionMask.Window(c.Case.Int("window")));
        else if (c.Case.Flag("causal")) masks.Add(AttentionMask.Causal);
        return masks.Count == 0 ? null : masks.Aggregate((a, b) => a & b);
    }
}
