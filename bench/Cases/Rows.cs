namespace DeepNet.Bench.Cases;

/// <summary>Reductions, normalisations and order along rows and columns.</summary>
internal static class Rows
{
    public static IEnumerable<Case> Cases =>
    [
        new("op_softmax_4096x1000", () => Over(1000, x => x.Softmax(1))) { Mark = (1.8, 1.8) },
        new("op_logsoftmax_4096x1000", () => Over(1000, x => x.LogSoftmax(1))) { Mark = (1.8, 1.8) },
        new("op_layernorm_4096x1024", LayerNorm) { Mark = (3, 3) },
        new("op_layernorm_fwdbwd_4096x1024", LayerNormAndBack) { Mark = (2.7, 2.7) },
        new("op_quantile_1M", () => Over(1 << 20, x => x.Quantile(0.9), 1)) { Mark = (2 / 3.0, 2 / 3.0) },
        new("op_unique_1M", () => Over(1 << 20, x => x.Unique(), 1)) { Mark = (2 / 3.0, 2 / 3.0) },
        new("row_mean_4096x1024", () => Over(1024, x => x.Mean(1))) { IsExtra = true },
        new("row_var_4096x1024", () => Over(1024, x => x.Var(1))) { IsExtra = true },
        new("row_var_mean_4096x1024", () => Over(1024, x => x.Var(1) + x.Mean(1))) { IsExtra = true },
        new("row_max_4096x1024", () => Over(1024, x => x.Max(1))) { IsExtra = true },
        new("column_sum_4096x1024", () => Over(1024, x => x.Sum(0))) { IsExtra = true },
    ];

    private static Action LayerNorm()
    {
        var norm = new Nn.LayerNorm(1024);
        var x = Inputs.Normal(new Shape(4096, 1024));
        return () =>
        {
            using var off = Autograd.NoGrad();
            using var step = Memory.Scope();
            Outcome.Note(norm.Forward(x));
        };
    }

    private static Action LayerNormAndBack()
    {
        var norm = new Nn.LayerNorm(1024);
        Tensor x = Inputs.Normal(new Shape(4096, 1024)).WithGrad(), g = Inputs.Normal(new Shape(4096, 1024));
        return () =>
        {
            using var step = Memory.Scope();
            x.ZeroGrad();
            norm.ZeroGrad();
            norm.Forward(x).Backward(g);
            Outcome.Note(x.Grad!);
        };
    }

    private static Action Over(int columns, Func<Tensor, Tensor> function, int rows = 4096)
    {
        var x = Inputs.Normal(new Shape(rows, columns));
        return () =>
        {
            using var step = Memory.Scope();
            Outcome.Note(function(x));
        };
    }
}
