using DeepNet.Nn;

namespace DeepNet.BitRecord.Cases;

/// <summary>Operators of rows: softmax, reductions, sorts, scans and normalisation, of rows of many lengths along each axis.</summary>
internal static class RowCases
{
    private static readonly (string Name, Func<Tensor, int, Tensor> Of)[] Functions =
    [
        ("softmax", (x, axis) => x.Softmax(axis)),
        ("log-softmax", (x, axis) => x.LogSoftmax(axis)),
        ("log-sum-exp", (x, axis) => x.LogSumExp(axis)),
        ("variance", (x, axis) => x.Var(axis)),
        ("standard deviation", (x, axis) => x.Std(axis, correction: 0)),
        ("sum", (x, axis) => x.Sum(axis)),
        ("mean", (x, axis) => x.Mean(axis)),
        ("product", (x, axis) => x.Prod(axis)),
        ("maximum", (x, axis) => x.Max(axis)),
        ("minimum", (x, axis) => x.Min(axis)),
        ("norm 1", (x, axis) => x.Norm(1, axis)),
        ("norm 2", (x, axis) => x.Norm(2, axis)),
        ("norm 3", (x, axis) => x.Norm(3, axis)),
        ("arg-max", (x, axis) => x.ArgMax(axis)),
        ("arg-min", (x, axis) => x.ArgMin(axis)),
        ("max with indices", (x, axis) => x.MaxWithIndices(axis).Item2),
        ("count", (x, axis) => (x > 0.5).CountNonZero(axis)),
        ("all", (x, axis) => (x > -1.4).All(axis)),
        ("any", (x, axis) => (x > 1.4).Any(axis)),
        ("sort", (x, axis) => x.Sort(axis).Item1),
        ("arg-sort", (x, axis) => (x * 8).Round().ArgSort(axis, descending: true)),
        ("top 1", (x, axis) => x.TopK(1, axis).Item1),
        ("cumulated sum", (x, axis) => x.CumSum(axis)),
        ("cumulated product", (x, axis) => x.CumProd(axis)),
    ];

    public static void Record(Recorder recorder)
    {
        foreach (var dtype in Values.FloatsAndHalves)
            foreach (int length in new[] { 1, 3, 7, 8, 10, 16, 17, 33, 100, 1000, 1024, 1025, 5000 })
            {
                bool half = dtype is DType.Float16 or DType.BFloat16;
                (string Name, Tensor X, int Axis)[] layouts =
                [
                    ("rows", Values.Of(dtype, half ? 7 : 40_000 / length % 1000 + 5, length), -1),
                    ("columns", Values.Of(dtype, length, 37), 0),
                    ("middle", Values.Of(dtype, 3, length, 5), 1),
                    ("strided", Values.Strided(Values.Of(dtype, 6, length)), -1),
                ];
                foreach (var (layout, x, axis) in half ? layouts[..1] : layouts)
                    foreach (var (name, of) in Functions)
                        recorder.Run($"{name} of {layout} of {length}, {dtype}", t => of(t[0], axis), x);
                Normalise(recorder, dtype, length);
            }
        foreach (var dtype in Values.Floats)
            foreach (int count in new[] { 1, 17, 1000, 70_001 })
            {
                var x = Values.Of(dtype, count);
                foreach (var (name, of) in Functions.Where(f => !f.Name.StartsWith("cum", StringComparison.Ordinal)))
                    recorder.Run($"{name} of all {count}, {dtype}", t => of(t[0], 0), x);
                recorder.Run($"sum to scalar of {count}, {dtype}", t => t[0].Sum(), x);
                recorder.Run($"mean of outer axes of {count}, {dtype}", t => t[0].Mean([0, 2]), Values.Of(dtype, 4, count % 1009 + 1, 11));
            }
    }

    private static void Normalise(Recorder recorder, DType dtype, int length)
    {
        string ending = $"of {length}, {dtype}";
        recorder.Layer($"layer norm {ending}", () => new LayerNorm(length), Values.Of(dtype, 29, length));
        recorder.Layer($"RMS norm {ending}", () => new RmsNorm(length), Values.Of(dtype, 29, length));
        if (length > 100) return;
        recorder.Layer($"batch norm {ending}", () => new BatchNorm1d(length), Values.Of(dtype, 33, length));
        recorder.Layer($"batch norm of images {ending}", () => new BatchNorm2d(length), Values.Of(dtype, 3, length, 5, 7));
        recorder.Layer($"batch norm of channels-last images {ending}",
            () => new BatchNorm2d(length), Values.ChannelsLast(Values.Of(dtype, 3, length, 5, 7)));
        recorder.Layer($"instance norm {ending}", () => new InstanceNorm(length, affine: true), Values.Of(dtype, 3, length, 5, 7));
        recorder.Layer($"group norm {ending}", () => new GroupNorm(length % 2 == 0 ? 2 : 1, length), Values.Of(dtype, 3, length, 5, 7));
    }
}
