using DeepNet.Nn;

namespace DeepNet.Tests.Golden;

// A layer's inputs come first, then its parameters in the order of "names".
internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Layers => new()
    {
        ["nn.linear"] = Layer(c => new Linear(c[1].Shape[1], c[1].Shape[0], c.Has(2))),
        ["nn.bilinear"] = c =>
        {
            var layer = Bind(c, new Bilinear(3, 4, 2));
            return [layer.Forward(c[0], c[1])];
        },
        ["nn.prelu"] = Layer(c => new PRelu(c[1].Shape[0])),
        ["nn.sequential"] = Layer(_ => new Sequential(new Linear(4, 5), new Relu(), new Linear(5, 2))),
        ["nn.conv1d"] = Layer(c => new Conv1d(
            4, 6, 3, c.Case.Int("stride", 1), c.Case.Int("padding", 0), c.Case.Int("dilation", 1), c.Case.Int("groups", 1))),
        ["nn.conv2d"] = Layer(c => new Conv2d(
            c[0].Shape[1], c[1].Shape[0], (c[1].Shape[2], c[1].Shape[3]), c.Case.Int("stride", 1), c.Case.Int("padding", 0),
                c.Case.Int("dilation", 1), c.Case.Int("groups", 1), c.Has(2))),
        ["nn.conv_transpose2d"] = Layer(c => new ConvTranspose2d(
            4, 2, 3, c.Case.Int("stride", 1), c.Case.Int("padding", 0), c.Case.Int("output_padding", 0), c.Case.Int("groups", 1))),
        ["nn.separable_conv2d"] = Layer(_ => new SeparableConv2d(3, 4, 3, padding: 1)),
        ["nn.embedding"] = Layer(c => new Embedding(4, 3, c.Case.Has("padding") ? c.Case.Int("padding") : null)),
        ["nn.max_pool2d"] = Layer(_ => new MaxPool2d(2)),
        ["nn.avg_pool2d"] = Layer(_ => new AvgPool2d(2)),
        ["nn.global_avg_pool"] = Layer(_ => new GlobalAvgPool()),

        ["nn.batch_norm1d"] = Layer(c => new BatchNorm1d(c[0].Shape[1])),
        ["nn.batch_norm2d"] = Layer(
            c => new BatchNorm2d(c[0].Shape[1], momentum: c.Case.Flag("cumulative") ? null : 0.1, affine: !c.Case.Flag("plain"))),
        ["nn.layer_norm"] = Layer(c => new LayerNorm(c[1].Shape)),
        ["nn.group_norm"] = Layer(c => new GroupNorm(c.Case.Name == "two groups" ? 2 : 1, c[0].Shape[1])),
        ["nn.instance_norm"] = Layer(c => new InstanceNorm(3, affine: c.Has(1), trackRunningStats: c.Case.Flag("running"))),
        ["nn.rms_norm"] = c =>
        {
            var layer = new RmsNorm(9);
            layer.Weight!.Replace(c[1]);
            return [layer.Forward(c[0])];
        },

        ["nn.rnn"] = c
            => Recurrent(
                c, Bind(
                    c, new Rnn(
                        Width(c), Hidden(c), c.Case.Int("layers", 1), c.Case.Flag("relu"), !c.Case.Flag("nobias"),
                        c.Case.Flag("batchFirst"), 0, c.Case.Flag("both"))).Forward),
        ["nn.gru"] = c
            => Recurrent(
                c, Bind(
                    c, new Gru(
                        Width(c), Hidden(c), c.Case.Int("layers", 1), !c.Case.Flag("nobias"), c.Case.Flag("batchFirst"), 0,
                        c.Case.Flag("both"))).Forward),
        ["nn.lstm"] = c =>
        {
            var layer = Bind(
                c, new Lstm(
                    Width(c), Hidden(c), c.Case.Int("layers", 1), !c.Case.Flag("nobias"), c.Case.Flag("batchFirst"), 0,
                    c.Case.Flag("both")));
            var (y, last) = layer.Forward(c[0], c.Case.Flag("stateful") ? new LstmState(c[1], c[2]) : null, Lengths(c));
            return [y, last.Hidden, last.Cell];
        },

        ["nn.attention"] = c =>
        {
            bool isOne = c.Inputs.Length - c.Case.Texts("names").Length == 1;
            var layer = Bind(c, new MultiHeadAttention(
                c[0].Shape[^1], c.Case.Int("heads", 2), batchFirst: c.Case.Flag("batchFirst"),
                keyDimension: isOne ? null : c[1].Shape[^1], valueDimension: isOne ? null : c[2].Shape[^1]));
            var (y, weights) = layer.ForwardWithWeights(
                c[0], isOne ? c[0] : c[1], isOne ? c[0] : c[2], Mask(c),
                    c.Case.Flag("padding") || HasMask(c, "heads") ? Padding.To(c.Device) : null, c.Case.Flag("causal"));
            return [y, weights];
        },
        ["nn.encoder_layer"] = c => [Bind(c, new TransformerEncoderLayer(Options(c))).Forward(c[0], null, null, c.Case.Flag("causal"))],
        ["nn.decoder_layer"] = c => [Bind(c, new TransformerDecoderLayer(Options(c))).Forward(c[0], c[1], isCausal: true)],
    };

    private static Tensor Padding => Tensor.From<bool>([false, false, false, true, false, false, true, true], new Shape(2, 4));

    private static bool HasMask(GoldenCall c, string kind) => c.Case.Has("mask") && c.Case.Text("mask") == kind;

    private static AttentionMask? Mask(GoldenCall c)
    {
        var causal = Tensor.Ones(new Shape(4, 4), device: c.Device).Triu(1);
        if (HasMask(c, "added")) return AttentionMask.Add((causal * -0.75).To(c.DType));
        return HasMask(c, "heads") ? AttentionMask.Hide(Tensor.Stack([causal, causal * 0, causal * 0, causal]).NotEqual(0)) : null;
    }

    private static TransformerOptions Options(GoldenCall c) => new(4, 2, 6)
    {
        Dropout = 0, BatchFirst = true, NormFirst = c.Case.Flag("first"), Activation = c.Case.Flag("causal") ? new Gelu() : new Relu(),
    };

    private static Func<GoldenCall, Tensor[]> Layer(Func<GoldenCall, Layer> make) => c =>
    {
        var layer = Bind(c, make(c));
        var y = layer.Forward(c[0]);
        return [y, .. layer.NamedBuffers().Select(b => b.Buffer.Value).Take(c.Case.Outputs.Length - 1)];
    };

    private static Tensor[] Recurrent(GoldenCall c, Func<Tensor, Tensor?, IReadOnlyList<int>?, (Tensor, Tensor)> forward)
    {
        var (y, last) = forward(c[0], c.Case.Flag("stateful") ? c[1] : null, Lengths(c));
        return [y, last];
    }

    private static int[]? Lengths(GoldenCall c) => c.Case.Has("lengths") ? c.Case.Ints("lengths") : null;

    private static int Width(GoldenCall c) => c[0].Shape[2];

    private static int Hidden(GoldenCall c) => c.Inputs[c.Inputs.Length - c.Case.Texts("names").Length + 1].Shape[1];

    /// <summary>Gives a layer the parameters of the case, by name, so that gradients arrive at the inputs.</summary>
    private static T Bind<T>(GoldenCall c, T layer) where T : Module
    {
        layer.To(c.DType).To(c.Device);
        layer.Train(c.Case.Flag("train"));
        string[] names = c.Case.Has("names") ? c.Case.Texts("names") : [];
        var parameters = layer.NamedParameters().ToDictionary(p => p.Path, p => p.Parameter);
        if (!parameters.Keys.ToHashSet().SetEquals(names))
            throw new InvalidDataException(
                $"The parameters of the layer are {string.Join(", ", parameters.Keys)}, those of the golden case "
                    + $"{string.Join(", ", names)}.");
        for (int i = 0; i < names.Length; i++)
        {
            var value = c.Inputs[c.Inputs.Length - names.Length + i];
            if (!parameters[names[i]].Shape.Equals(value.Shape))
                throw new InvalidDataException(
                    $"The layer's {names[i]} has the shape {parameters[names[i]].Shape}, that of the golden case {value.Shape}.");
            parameters[names[i]].Replace(value);
        }
        return layer;
    }
}
