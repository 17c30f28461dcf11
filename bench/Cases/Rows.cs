namespace DeepNet.Bench.Cases;

/// <summary>Reductions along rows and columns.</summary>
internal static class Rows
{
    public static IEnumerable<Case> Cases =>
    [
        new("row_mean_4096x1024", () => Over(1024, x => x.Mean(1)), Mark: 2),
        new("row_var_4096x1024", () => Over(1024, x => x.Var(1)), Mark: 2),
        new("row_max_4096x1024", () => Over(1024, x => x.Max(1)), Mark: 2),
        new("softmax_4096x1000", () => Over(1000, x => x.Softmax(1)), Mark: 2),
        new("log_softmax_4096x1000", () => Over(1000, x => x.LogSoftmax(1)), Mark: 2),
        new("column_sum_4096x1024", () => Over(1024, x => x.Sum(0))),
    ];

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
