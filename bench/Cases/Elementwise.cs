namespace DeepNet.Bench.Cases;

/// <summary>Formulas over 64K, a million and sixteen million numbers: in the second cache, in the third, and beyond.</summary>
internal static class Elementwise
{
    private static readonly (string Name, int Length)[] sizes = [("64K", 1 << 16), ("1M", 1 << 20), ("16M", 1 << 24)];

    public static IEnumerable<Case> Cases =>
    [
        .. Unary("exp", x => x.Exp(), (2.4, 2.4)),
        .. Unary("tanh", x => x.Tanh(), (5.7, 5.7)),
        .. Unary("sigmoid", x => x.Sigmoid()),
        .. Unary("gelu", x => x.Gelu()),
        .. Unary("gelu_tanh", x => x.GeluTanh(), (4.8, 4.8)),
        .. Unary("relu", x => x.Relu()),
        .. Unary("max", x => x.Max()),
        .. Sized("add", (a, b) => a + b),
        .. Sized("mul", (a, b) => a * b),
        .. sizes.Select(s => new Case($"op_sum_{s.Name}", () => Of(x => x.Sum(), s.Length))
        {
            Work = s.Length == 1 << 24 ? new(Bound.Read, 4.0 * s.Length) : default, Share = s.Length == 1 << 24 ? (0.9, 0.9) : default,
                IsExtra = s.Length != 1 << 24,
        }),
        new("gelu_backward_1M", () => Backward(x => x.Gelu())) { IsExtra = true },
        new("tanh_backward_1M", () => Backward(x => x.Tanh())) { IsExtra = true },
    ];

    private static IEnumerable<Case> Unary(string name, Func<Tensor, Tensor> function, (double, double) mark = default)
        => sizes.Select(s => new Case($"op_{name}_{s.Name}", () => Of(function, s.Length))
        {
            Mark = s.Length == 1 << 20 ? mark : default, IsExtra = s.Length != 1 << 20 || mark == default,
        });

    private static IEnumerable<Case> Sized(string name, Func<Tensor, Tensor, Tensor> function)
        => sizes.Select(s => new Case($"op_{name}_{s.Name}", () => Of(function, s.Length))
        {
            Work = s.Length == 1 << 24 ? new(Bound.Merge, 12.0 * s.Length) : default, Share = s.Length == 1 << 24 ? (0.9, 0.9) : default,
            IsExtra = s.Length != 1 << 24,
        });

    private static Action Of(Func<Tensor, Tensor> function, int n)
    {
        var x = Inputs.Normal(new Shape(n));
        return () => Outcome.Note(function(x)).Dispose();
    }

    private static Action Of(Func<Tensor, Tensor, Tensor> function, int n)
    {
        Tensor a = Inputs.Normal(new Shape(n)), b = Inputs.Normal(new Shape(n));
        return () => Outcome.Note(function(a, b)).Dispose();
    }

    private static Action Backward(Func<Tensor, Tensor> function)
    {
        var x = Inputs.Normal(new Shape(1 << 20)).WithGrad();
        var g = Inputs.Normal(new Shape(1 << 20));
        return () =>
        {
            using var step = Memory.Scope();
            x.ZeroGrad();
            function(x).Backward(g);
            Outcome.Note(x.Grad!);
        };
    }
}
