using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Reductions, normalisations and order along rows and columns.</summary>
internal static class Rows
{
    public static IEnumerable<Case> Cases =>
    [
        new("op_softmax_4096x1000", () => Over(1000, x => x.softmax(1))),
        new("op_logsoftmax_4096x1000", () => Over(1000, x => x.log_softmax(1))),
        new("op_layernorm_4096x1024", LayerNorm),
        new("op_layernorm_fwdbwd_4096x1024", LayerNormAndBack),
        new("op_quantile_1M", () => Over(1 << 20, x => x.quantile(tensor(0.9f)), 1)),
        new("op_unique_1M", () => Over(1 << 20, x => x.unique().output, 1)),
        new("row_mean_4096x1024", () => Over(1024, x => x.mean([1]))),
        new("row_var_4096x1024", () => Over(1024, x => x.var(1))),
        new("row_var_mean_4096x1024", () => Over(1024, VarAndMean)),
        new("row_max_4096x1024", () => Over(1024, x => x.amax(1))),
        new("column_sum_4096x1024", () => Over(1024, x => x.sum([0L]))),
    ];

    private static Tensor VarAndMean(Tensor x)
    {
        var (variance, mean) = x.var_mean(1);
        return variance + mean;
    }

    private static Action LayerNorm()
    {
        Tensor weight = ones(1024), bias = zeros(1024), x = Inputs.Normal(4096, 1024);
        return () => Outcome.Note(nn.functional.layer_norm(x, [1024], weight, bias)).Dispose();
    }

    private static Action LayerNormAndBack()
    {
        var norm = nn.LayerNorm(1024);
        Tensor x = Inputs.Normal(4096, 1024).requires_grad_(true), g = Inputs.Normal(4096, 1024);
        return () =>
        {
            using var scope = NewDisposeScope();
            x.grad = null;
            norm.zero_grad();
            norm.call(x).backward([g]);
            Outcome.Note(x.grad!);
        };
    }

    private static Action Over(int columns, Func<Tensor, Tensor> function, int rows = 4096)
    {
        var x = Inputs.Normal(rows, columns);
        return () =>
        {
            using var scope = NewDisposeScope();
            Outcome.Note(function(x));
        };
    }
}
