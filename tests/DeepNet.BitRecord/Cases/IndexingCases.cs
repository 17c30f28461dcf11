namespace DeepNet.BitRecord.Cases;

/// <summary>Gathers, scatters, copies and views of several sizes.</summary>
internal static class IndexingCases
{
    public static void Record(Recorder recorder)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Float16, DType.BFloat16, DType.Int32, DType.Int64, DType.Bool })
            foreach (var (rows, width) in new[] { (1, 1), (7, 3), (33, 17), (1000, 64), (301, 129) })
            {
                string ending = $"of {rows} {width}, {dtype}";
                var x = dtype.IsFloating() ? Values.Of(dtype, rows, width) : (Values.Of(DType.Float64, rows, width) * 5).Round().To(dtype);
                Gather(recorder, ending, x);
                if (dtype != DType.Bool) Scatter(recorder, ending, x);
                Copy(recorder, ending, x);
                Copy(recorder, $"{ending}, strided", Values.Strided(x));
            }
    }

    private static void Gather(Recorder recorder, string ending, Tensor x)
    {
        int rows = x.Shape[0], width = x.Shape[1];
        recorder.Run($"gather rows {ending}", t => t[0].Gather(0, Values.Indices(rows, 9, width)), x);
        recorder.Run($"gather columns {ending}", t => t[0].Gather(1, Values.Indices(width, rows, 9)), x);
        recorder.Run($"select rows {ending}", t => t[0].IndexSelect(0, Values.Indices(rows, 77)), x);
        recorder.Run($"select columns {ending}", t => t[0].IndexSelect(1, Values.Indices(width, 77)), x);
        recorder.Run($"take {ending}", t => t[0].Take(Values.Indices(rows * width, 5, 31)), x);
        recorder.Run($"index by tensors {ending}", t => t[0][Values.Indices(rows, 4, 5), Values.Indices(width, 4, 5)], x);
        recorder.Run($"masked {ending}", t => t[0].MaskedSelect(Values.Mask(rows, width)), x);
        recorder.Run($"filled {ending}", t => t[0].MaskedFill(Values.Mask(rows, width), 1), x);
        recorder.Run($"positions {ending}", t => t[0].NonZero(), x);
        recorder.Run($"repeated {ending}", t => t[0].RepeatInterleave(Values.Indices(4, rows), 0), x);
        recorder.Run($"embedding {ending}", t => Tensor.Embedding(t[0], Values.Indices(rows, 7, 11), 0), x);
        recorder.Run($"sparse embedding {ending}", t => Tensor.Embedding(t[0], Values.Indices(rows, 7, 11), sparse: true), x);
    }

    private static void Scatter(Recorder recorder, string ending, Tensor x)
    {
        int rows = x.Shape[0], width = x.Shape[1];
        var few = x.Narrow(0, 0, (rows + 1) / 2).Contiguous();
        int half = few.Shape[0];
        recorder.Run($"scatter {ending}", t => t[0].Scatter(0, Values.Indices(rows, half, width), t[1]), x, few);
        recorder.Run($"scatter a number {ending}", t => t[0].Scatter(1, Values.Indices(width, rows, 2), 3), x);
        recorder.Run($"scatter-add {ending}", t => t[0].ScatterAdd(0, Values.Indices(rows, half, width), t[1]), x, few);
        recorder.Run($"scatter-add to few {ending}", t => t[0].ScatterAdd(1, Values.Indices(1, half, width), t[1]), x, few);
        recorder.Run($"index-add {ending}", t => t[0].IndexAdd(0, Values.Indices(rows, half), t[1]), x, few);
        recorder.Run($"triangles {ending}", t => t[0].Tril(1) + t[0].Triu(-2), x);
    }

    private static void Copy(Recorder recorder, string ending, Tensor x)
    {
        recorder.Run($"padded {ending}", t => t[0].Pad([(2, 1), (0, 3)], PadMode.Constant, 1), x);
        recorder.Run($"joined {ending}", t => Tensor.Cat([t[0], t[0]], 1), x);
        recorder.Run($"stacked {ending}", t => Tensor.Stack([t[0], t[0].Flip(1)], 1), x);
        recorder.Run($"rolled {ending}", t => t[0].Roll(3, 1), x);
        recorder.Run($"tiled {ending}", t => t[0].Repeat(2, 3), x);
        recorder.Run($"chosen {ending}", t => Tensor.Where(Values.Mask(x.Shape[0], x.Shape[1]), t[0], t[0].Flip(0)), x);
        recorder.Run($"windows {ending}", t => t[0].Unfold(0, 1, 1).Contiguous(), x);
        recorder.Run($"diagonal {ending}", t => t[0].Diagonal().Contiguous(), x);
        foreach (var to in new[] { DType.Float32, DType.Float64, DType.Float16, DType.BFloat16, DType.Int32, DType.Int64, DType.Bool })
            recorder.Run($"converted to {to} {ending}", t => t[0].To(to), x);
    }
}
