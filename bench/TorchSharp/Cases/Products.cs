using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Matrix products: square ones, and those of a linear layer's forward pass and gradients.</summary>
internal static class Products
{
    private static readonly int[] squares = [64, 128, 256, 512, 1024, 2048];

    private static readonly (int Batch, int In, int Out)[] layers = [(64, 784, 128), (64, 784, 512), (512, 784, 512)];

    public static IEnumerable<Case> Cases =>
    [
        .. squares.Select(n => Product($"sq{n}", n, n, n)),
        .. layers.SelectMany(layer => (Case[])
        [
            Product($"fwd_{layer.Batch}x{layer.In}x{layer.Out}", layer.Batch, layer.Out, layer.In, turnB: true),
            Product($"dW_{layer.Batch}x{layer.In}x{layer.Out}", layer.Out, layer.In, layer.Batch, turnA: true),
            Product($"dX_{layer.Batch}x{layer.In}x{layer.Out}", layer.Batch, layer.In, layer.Out),
        ]),
    ];

    private static Case Product(string name, int m, int n, int k, bool turnA = false, bool turnB = false)
    {
        (Tensor A, Tensor B) Operands()
        {
            var a = turnA ? Inputs.Normal(k, m).t() : Inputs.Normal(m, k);
            return (a, turnB ? Inputs.Normal(n, k).t() : Inputs.Normal(k, n));
        }
        return new("sgemm_" + name,
        [
            new("mm", () =>
            {
                var (a, b) = Operands();
                return () => Outcome.Note(mm(a, b)).Dispose();
            }),
            new("addmm_ into a given matrix", () =>
            {
                var (a, b) = Operands();
                var c = zeros(m, n);
                return () => Outcome.Note(c.addmm_(a, b, beta: 0, alpha: 1));
            }),
        ]);
    }
}
