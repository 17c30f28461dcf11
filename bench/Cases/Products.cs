namespace DeepNet.Bench.Cases;

/// <summary>Matrix products: square ones, and those of a linear layer's forward pass and gradients.</summary>
internal static class Products
{
    private static readonly int[] squares = [64, 128, 256, 512, 1024, 2048];

    private static readonly (int Batch, int In, int Out)[] layers = [(64, 784, 128), (64, 784, 512), (512, 784, 512)];

    public static IEnumerable<Case> Cases =>
    [
        .. squares.Select(n => Product($"sq{n}", n, n, n, isRow: n >= 256)),
        .. layers.SelectMany(layer => (Case[])
        [
            Product($"fwd_{layer.Batch}x{layer.In}x{layer.Out}", layer.Batch, layer.Out, layer.In, turnB: true),
            Product($"dW_{layer.Batch}x{layer.In}x{layer.Out}", layer.Out, layer.In, layer.Batch, turnA: true),
            Product($"dX_{layer.Batch}x{layer.In}x{layer.Out}", layer.Batch, layer.In, layer.Out),
        ]),
    ];

    private static Case Product(string name, int m, int n, int k, bool turnA = false, bool turnB = false, bool isRow = true) => new(
        "sgemm_" + name, () =>
    {
        Tensor a = turnA ? Inputs.Normal(new Shape(k, m)).T : Inputs.Normal(new Shape(m, k));
        Tensor b = turnB ? Inputs.Normal(new Shape(n, k)).T : Inputs.Normal(new Shape(k, n));
        return () => Outcome.Note(a.MatMul(b)).Dispose();
    })
    {
        Work = Work.Product(m, n, k), Mark = isRow ? (1.1, 1.1) : default, Share = isRow ? (0.88, 0.88) : default, IsExtra = !isRow,
    };
}
