using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Convolutions: forward (fwd), gradient of the image (dX) and of the weight (dW), by a graph that is kept.</summary>
internal static class Convolutions
{
    private sealed record Layer(int Batch, int In, int Out, int Size, int Kernel, int Padding, int Stride = 1, int Groups = 1)
    {
        public string Name
            => $"conv{Kernel}x{Kernel}_b{Batch}_{In}-{Out}_{Size}x{Size}_p{Padding}_s{Stride}{(Groups > 1 ? $"_g{Groups}" : "")}";
    }

    private static readonly Layer[] layers =
    [
        new(64, 1, 32, 28, 3, 0), new(64, 32, 64, 26, 3, 0),
        new(32, 3, 16, 32, 3, 1), new(32, 16, 16, 32, 3, 1), new(32, 32, 32, 16, 3, 1), new(32, 64, 64, 8, 3, 1),
        new(32, 16, 32, 32, 3, 1, Stride: 2), new(32, 16, 32, 32, 1, 0, Stride: 2), new(32, 64, 64, 16, 1, 0),
        new(32, 64, 64, 16, 3, 1, Groups: 64), new(32, 64, 64, 16, 3, 1, Stride: 2, Groups: 64),
    ];

    public static IEnumerable<Case> Cases =>
        from layer in layers
        from what in new[] { "fwd", "dX", "dW" }
        select new Case($"{layer.Name}_{what}",
        [
            new("channels first", () => Setup(layer, what, isLast: false)), new("channels last", () => Setup(layer, what, isLast: true)),
        ]);

    private static Action Setup(Layer layer, string what, bool isLast)
    {
        Tensor Order(Tensor t) => isLast ? ChannelsLast.Of(t) : t;
        Tensor x = Order(Inputs.Normal(layer.Batch, layer.In, layer.Size, layer.Size));
        Tensor w = Order(Inputs.Normal(layer.Out, layer.In / layer.Groups, layer.Kernel, layer.Kernel));
        if (what == "fwd") return () => Outcome.Note(Apply(layer, x, w)).Dispose();
        var leaf = what == "dX" ? x : w;
        leaf.requires_grad_(true);
        var y = Apply(layer, x, w);
        var g = Order(Inputs.Normal(y.shape));
        return () =>
        {
            using var scope = NewDisposeScope();
            leaf.grad = null;
            y.backward([g], retain_graph: true);
            Outcome.Note(leaf.grad!);
        };
    }

    private static Tensor Apply(Layer layer, Tensor x, Tensor w) => nn.functional.conv2d(
        x, w, strides: [layer.Stride, layer.Stride], padding: [layer.Padding, layer.Padding], dilation: [1, 1], groups: layer.Groups);
}
