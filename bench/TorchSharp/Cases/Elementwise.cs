using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeepNet.Bench.Anchor;

/// <summary>Formulas over 64K, a million and sixteen million numbers. Results are fresh tensors: TorchSharp has no out= for them.</summary>
internal static class Elementwise
{
    private static readonly (string Name, int Length)[] sizes = [("64K", 1 << 16), ("1M", 1 << 20), ("16M", 1 << 24)];

    public static IEnumerable<Case> Cases =>
    [
        .. Unary("exp", x => x.exp()), .. Unary("tanh", x => x.tanh()), .. Unary("sigmoid", x => x.sigmoid()),
        .. Unary("gelu", x => functional.gelu(x)), .. Unary("gelu_tanh", x => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh)),
        .. Unary("relu", x => x.relu()), .. Unary("max", x => x.max()), .. Unary("sum", x => x.sum()),
        .. Binary("add", (a, b) => a + b), .. Binary("mul", (a, b) => a * b),
        new("gelu_backward_1M", () => Backward(x => functional.gelu(x))),
        new("tanh_backward_1M", () => Backward(x => x.tanh())),
    ];

    private static IEnumerable<Case> Unary(string name, Func<Tensor, Tensor> function)
        => sizes.Select(size => new Case($"op_{name}_{size.Name}", () =>
        {
            var x = Inputs.Normal(size.Length);
            return () => Outcome.Note(function(x)).Dispose();
        }));

    private static IEnumerable<Case> Binary(string name, Func<Tensor, Tensor, Tensor> function)
        => sizes.Select(size => new Case($"op_{name}_{size.Name}", () =>
        {
            Tensor a = Inputs.Normal(size.Length), b = Inputs.Normal(size.Length);
            return () => Outcome.Note(function(a, b)).Dispose();
        }));

    private static Action Backward(Func<Tensor, Tensor> function)
    {
        Tensor x = Inputs.Normal(1 << 20).requires_grad_(true), g = Inputs.Normal(1 << 20);
        return () =>
        {
            using var scope = NewDisposeScope();
            x.grad = null;
            function(x).backward([g]);
            Outcome.Note(x.grad!);
        };
    }
}
