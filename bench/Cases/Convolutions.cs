namespace DeepNet.Bench.Cases;

/// <summary>
/// The convolutions of LeNet and of a small residual network: forward (fwd), gradient of the image (dX) and of the weight (dW).
/// </summary>
internal static class Convolutions
{
    /// <param name="Batch">Images.</param>
    /// <param name="In">Their channels.</param>
    /// <param name="Out">Channels of the result.</param>
    /// <param name="Size">Height and width.</param>
    /// <param name="Kernel">Height and width of the kernel.</param>
    /// <param name="Padding">Zeros at each side.</param>
    /// <param name="Stride">Along both axes.</param>
    /// <param name="Groups">Groups of channels.</param>
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

    public static IEnumerable<Case> Cases => layers.SelectMany(layer => (Case[])
    [
        new(layer.Name + "_fwd", () => Forward(layer)) { IsExtra = true },
        new(layer.Name + "_dX", () => Backward(layer, ofImage: true)) { IsExtra = true },
        new(layer.Name + "_dW", () => Backward(layer, ofImage: false)) { IsExtra = true },
    ]);

    private static (Tensor Image, Tensor Weight) Operands(Layer layer)
        => (Inputs.Normal(new Shape(layer.Batch, layer.In, layer.Size, layer.Size)),
            Inputs.Normal(new Shape(layer.Out, layer.In / layer.Groups, layer.Kernel, layer.Kernel)));

    private static Tensor Apply(Layer layer, Tensor x, Tensor w)
        => x.Conv2d(w, stride: layer.Stride, padding: layer.Padding, groups: layer.Groups);

    private static Action Forward(Layer layer)
    {
        var (x, w) = Operands(layer);
        return () => Outcome.Note(Apply(layer, x, w)).Dispose();
    }

    private static Action Backward(Layer layer, bool ofImage)
    {
        var (x, w) = Operands(layer);
        var leaf = ofImage ? x : w;
        leaf.RequiresGrad = true;
        var y = Apply(layer, x, w);
        var g = Inputs.Normal(y.Shape);
        return () =>
        {
            leaf.ZeroGrad();
            y.Backward(g, retainGraph: true);
            Outcome.Note(leaf.Grad!);
        };
    }
}
