namespace DeepNet.Bench.Cases;

/// <summary>Reductions along rows and columns.</summary>
internal static class Rows
{
    public static IEnumerable<Case> Cases =>
    [
        new("row_mean_4096x1024", () => Over(1024, x => x.Mean(1))),
        new("row_var_4096x1024", () => Over(1024, x => x.Var(1)), Mark: 2),
        new("row_var_mean_4096x1024", () => Over(1024, x => x.Var(1) + x.Mean(1)), Mark: 2),
        new("layernorm_4096x1024", LayerNorm, Mark: 2),
        new("row_max_4096x1024", () => Over(1024, x => x.Max(1))),
        new("softmax_4096x1000", () => Over(1000, x => x.Softmax(1)), Mark: 2),
        new("log_softmax_4096x1000", () => Over(1000, x => x.LogSoftmax(1)), Mark: 2),
        new("column_sum_4096x1024", () => Over(1024, x => x.Sum(0))),
    ];

    private static Action LayerNorm()
    {
        var norm = new Nn.LayerNorm(1024);
        var x = Tensor.Randn(new Shape(4096, 1024));
        return () =>
        {
            using var off = Autograd.NoGrad();
            using var step = Memory.Scope();
            norm.Forward(x);
        };
    }

    private static Action Over(int columns, Func<Tensor, Tensor> function)
    {
        var x = Tensor.Randn(new Shape(4096, columns));
        return () =>
        {
            using var step = Memory.Scope();
            function(x);
        };
    }
}
