using DeepNet.Nn;

namespace DeepNet.Onnx.Tests.Export;

/// <summary>Layers with an example of their input.</summary>
internal static class LayerCases
{
    private static readonly Generator random = new(1);

    private static Tensor Values(params int[] shape) => Tensor.Normal(new Shape(shape), 0, 1, generator: random);

    public static readonly OrderedDictionary<string, Func<(Module Module, Tensor Example)>> All = new()
    {
        ["linear"] = () => (new Linear(5, 3), Values(2, 5)),
        ["linear with activation"] = () => (new Linear(5, 3, activation: new Relu()), Values(2, 5)),
        ["linear of sequences"] = () => (new Linear(5, 3), Values(2, 4, 5)),
        ["mlp"] = () => (new Sequential(new Linear(6, 8), new Gelu(), new Linear(8, 4), new LogSoftmax(-1)), Values(3, 6)),
        ["conv1d"] = () => (new Conv1d(3, 4, 3, padding: 1), Values(2, 3, 7)),
        ["conv2d"] = () => (new Conv2d(3, 4, 3, stride: 2, padding: 1), Values(2, 3, 8, 9)),
        ["conv2d, groups, dilated"] = () => (new Conv2d(4, 8, 3, dilation: 2, groups: 2), Values(2, 4, 9, 9)),
        ["conv3d"] = () => (new Conv3d(2, 3, 3, padding: 1), Values(2, 2, 4, 5, 6)),
        ["conv_transpose2d"] = () => (new ConvTranspose2d(3, 4, 3, stride: 2, padding: 1, outputPadding: 1), Values(2, 3, 5, 5)),
        ["conv, batch norm, relu"] = () => (new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4), new Relu()), Values(2, 3, 6, 6)),
        ["conv2d_norm"] = () => (new Conv2dNorm(3, 4, 3, padding: 1, activation: new Relu()), Values(2, 3, 6, 6)),
        ["batch_norm1d"] = () => (new BatchNorm1d(4), Values(3, 4)),
        ["layer_norm"] = () => (new LayerNorm(6), Values(2, 3, 6)),
        ["layer_norm of two axes"] = () => (new LayerNorm(new Shape(3, 6)), Values(2, 3, 6)),
        ["rms_norm"] = () => (new RmsNorm(6), Values(2, 3, 6)),
        ["group_norm"] = () => (new GroupNorm(2, 4), Values(2, 4, 5, 5)),
        ["instance_norm2d"] = () => (new InstanceNorm(4), Values(2, 4, 5, 5)),
        ["max_pool2d"] = () => (new MaxPool2d(2), Values(2, 3, 7, 8)),
        ["max_pool2d, padded"] = () => (new MaxPool2d(3, stride: 2, padding: 1), Values(2, 3, 7, 8)),
        ["avg_pool2d"] = () => (new AvgPool2d(3, stride: 2, padding: 1), Values(2, 3, 7, 8)),
        ["adaptive_avg_pool2d, one"] = () => (new AdaptiveAvgPool2d(1), Values(2, 3, 7, 8)),
        ["adaptive_avg_pool2d, parts"] = () => (new AdaptiveAvgPool2d((2, 3)), Values(2, 3, 7, 8)),
        ["flatten"] = () => (new Sequential(new Flatten(), new Linear(12, 2)), Values(2, 3, 4)),
        ["dropout"] = () => (new Sequential(new Linear(5, 3), new Dropout(0.5)), Values(2, 5)),
        ["embedding"] = () => (new Embedding(10, 4), Tensor.From<long>([1, 2, 3, 9, 0, 4], new Shape(2, 3))),
        ["prelu"] = () => (new PRelu(3), Values(2, 3, 4)),
        ["multi_head_attention"] = () => (new MultiHeadAttention(8, 2), Values(2, 5, 8)),
        ["lstm"] = () => (new Lstm(4, 5), Values(3, 2, 4)),
        ["lstm, bidirectional, batch first"] = () => (new Lstm(4, 5, layers: 2, batchFirst: true, bidirectional: true), Values(2, 3, 4)),
        ["gru"] = () => (new Gru(4, 5, batchFirst: true), Values(2, 3, 4)),
        ["transformer_encoder_layer"] = () => (
            new TransformerEncoderLayer(new TransformerOptions(8, 2) { FeedForward = 16 }), Values(2, 5, 8)),
        ["residual"] = () => (new Residual(new Linear(5, 5)), Values(2, 5)),
        ["upsample"] = () => (new Upsample(2.0), Values(2, 3, 4, 4)),
    };

    /// <summary>
    /// False where reading adds operators: gates of cells in another order, operands that are reshaped on both sides.
    /// </summary>
    public static bool IsSameAgain(string name)
        => !new[] { "lstm", "gru", "conv3d" }.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>False for the steps of a sequence, whose number is not that of a batch.</summary>
    public static bool IsOpen(string name) => name != "lstm";
}
