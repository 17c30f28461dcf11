namespace DeepNet.Onnx;

/// <summary>Sums and extremes along axes, and what is sorted or added up along one.</summary>
internal static class Reductions
{
    private delegate Tensor Reduction(Tensor x, int[] axes, bool keepDim);

    public static void AddTo(OperatorTable table)
    {
        Add(table, "ReduceL1", (x, axes, keep) => x.Abs().Sum(axes, keep));
        Add(table, "ReduceL2", (x, axes, keep) => x.Square().Sum(axes, keep).Sqrt());
        Add(table, "ReduceLogSum", (x, axes, keep) => x.Sum(axes, keep).Log());
        Add(table, "ReduceLogSumExp", (x, axes, keep) => x.LogSumExp(axes, keep));
        Add(table, "ReduceMax", (x, axes, keep) => x.DType == DType.Bool ? x.Any(axes, keep) : x.Max(axes, keep));
        Add(table, "ReduceMean", (x, axes, keep) => x.Mean(axes, keep));
        Add(table, "ReduceMin", (x, axes, keep) => x.DType == DType.Bool ? x.All(axes, keep) : x.Min(axes, keep));
        Add(table, "ReduceProd", (x, axes, keep) => x.Prod(axes, keep));
        Add(table, "ReduceSum", (x, axes, keep) => x.Sum(axes, keep));
        Add(table, "ReduceSumSquare", (x, axes, keep) => x.Square().Sum(axes, keep));

        table.One("ArgMax", call => Arg(call, (x, axis) => x.ArgMax(axis, keepDim: true)));
        table.One("ArgMin", call => Arg(call, (x, axis) => x.ArgMin(axis, keepDim: true)));
        table.Many("TopK", TopK);
        table.Same("CumSum", CumSum);
    }

    private static void Add(OperatorTable table, string name, Reduction reduce) => table.Same(name, call =>
    {
        var x = call[0];
        int[] axes = call.Ints(1, "axes") ?? [];
        if (axes.Length == 0 && call.Flag("noop_with_empty_axes")) return x;
        axes = axes.Length == 0 ? [.. Enumerable.Range(0, x.Rank)] : Call.WrapAll(axes, x.Rank);
        // A single number is reduced as a row of one, since it has no axis.
        return x.Rank == 0 ? reduce(x.Unsqueeze(0), [0], false) : reduce(x, axes, call.Flag("keepdims", true));
    });

    private static Tensor Arg(Call call, Func<Tensor, int, Tensor> arg)
    {
        var x = call[0];
        int axis = call.Axis("axis", 0, x.Rank);
        var y = call.Flag("select_last_index") ? x.Shape[axis] - 1 - arg(x.Flip(axis), axis) : arg(x, axis);
        return call.Flag("keepdims", true) ? y : y.Squeeze(axis);
    }

    private static Tensor?[] TopK(Call call)
    {
        int axis = call.Axis("axis", -1, call[0].Rank);
        int k = call.Version < 10 ? (int)call.Int("k", 1) : Call.ToInts(call.Longs(1))[0];
        var (values, indices) = call[0].TopK(k, axis, call.Flag("largest", true));
        return [values, indices];
    }

    private static Tensor CumSum(Call call)
    {
        var x = call[0];
        int axis = Call.Wrap(call.Longs(1)[0], x.Rank);
        if (call.Flag("reverse")) x = x.Flip(axis);
        var sums = x.CumSum(axis);
        if (call.Flag("exclusive")) sums = sums - x;
        return call.Flag("reverse") ? sums.Flip(axis) : sums;
    }
}
