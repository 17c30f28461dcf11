namespace DeepNet.Bench.Cases;

/// <summary>Formulas over a million numbers, and sums beyond the caches.</summary>
internal static class Elementwise
{
    private const int Million = 1 << 20;

    public static IEnumerable<Case> Cases =>
    [
        new("exp_1M", () => Forward(x => x.Exp()), Mark: 1.25),
        new("tanh_1M", () => Forward(x => x.Tanh()), Mark: 4),
        new("sigmoid_1M", () => Forward(x => x.Sigmoid()), Mark: 1.25),
        new("gelu_1M", () => Forward(x => x.Gelu()), Mark: 1.25),
        new("gelu_tanh_1M", () => Forward(x => x.GeluTanh()), Mark: 4),
        new("relu_1M", () => Forward(x => x.Relu())),
        new("gelu_backward_1M", () => Backward(x => x.Gelu())),
        new("tanh_backward_1M", () => Backward(x => x.Tanh())),
        new("add_64K", () => Add(1 << 16)),
        new("add_1M", () => Add(Million)),
        new("add_16M", () => Add(1 << 24)),
        new("sum_1M", () => Forward(x => x.Sum())),
        new("sum_16M", () => Forward(x => x.Sum(), 1 << 24)),
    ];

    private static Action Forward(Func<Tensor, Tensor> function, int n = Million)
    {
        var x = Tensor.Randn(new Shape(n));
        return () => function(x).Dispose();
    }

    private static Action Backward(Func<Tensor, Tensor> function)
    {
        var x = Tensor.Randn(new Shape(Million)).WithGrad();
        var g = Tensor.Randn(new Shape(Million));
        return () =>
        {
            using var step = Memory.Scope();
            x.ZeroGrad();
            function(x).Backward(g);
        };
    }

    private static Action Add(int n)
    {
        Tensor a = Tensor.Randn(new Shape(n)), b = Tensor.Randn(new Shape(n));
        return () => (a + b).Dispose();
    }
}
