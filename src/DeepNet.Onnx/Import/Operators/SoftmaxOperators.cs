namespace DeepNet.Onnx;

/// <summary>Softmax and its relatives.</summary>
internal static class SoftmaxOperators
{
    public static void AddTo(OperatorTable table)
    {
        table.Same("Softmax", call => AlongAxis(call, (x, axis) => x.Softmax(axis)));
        table.Same("LogSoftmax", call => AlongAxis(call, (x, axis) => x.LogSoftmax(axis)));
        table.Same("Hardmax", call => AlongAxis(call, (x, axis) =>
        {
            var classes = Tensor.Arange(0, x.Shape[axis], 1, DType.Int64, x.Device)
                .Reshape([.. Enumerable.Range(0, x.Rank).Select(at => at == axis ? x.Shape[at] : 1)]);
            return x.ArgMax(axis, keepDim: true).Equal(classes);
        }));
    }

    // Before version 13 all axes from the given one on were one.
    private static Tensor AlongAxis(Call call, Func<Tensor, int, Tensor> compute)
    {
        var x = call[0];
        if (x.Rank == 0) return compute(x.Unsqueeze(0), 0).Squeeze(0);
        if (call.Version >= 13) return compute(x, call.Axis("axis", -1, x.Rank));
        int axis = (int)call.Int("axis", 1) is var given && given == x.Rank ? given : Call.Wrap(given, x.Rank);
        if (axis == x.Rank - 1) return compute(x, axis);
        int rows = 1;
        for (int i = 0; i < axis; i++) rows *= x.Shape[i];
        return compute(x.Reshape(rows, rows == 0 ? 0 : (int)(x.Count / rows)), 1).Reshape(x.Shape.Axes);
    }
}
