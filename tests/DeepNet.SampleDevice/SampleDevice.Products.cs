namespace DeepNet.SampleDevice;

public sealed unsafe partial class SampleDevice
{
    /// <inheritdoc/>
    protected override void MatMul(
        Tensor a, Tensor b, Tensor c, bool accumulate = false, bool isTransposed = false, Epilogue end = default)
    {
        if (a.Rank != 2 || b.Rank != 2 || c.Rank != 2) throw Lacks($"{nameof(MatMul)} for batches");
        if (isTransposed) b = b.Transpose(0, 1);
        Elements left = Of(a), right = Of(b), to = Of(c);
        int rows = a.Shape[0], length = a.Shape[1], columns = b.Shape[1];
        for (nint row = 0; row < rows; row++)
            for (nint column = 0; column < columns; column++)
            {
                nint at = row * columns + column;
                F64 sum = accumulate ? to[at] : default;
                for (nint k = 0; k < length; k++) sum += left[row * length + k] * right[k * columns + column];
                to[at] = sum;
            }
        End(c, end, columns, 1);
        GC.KeepAlive((a, b, c));
    }

    /// <summary>The epilogue of a product or a convolution, over the whole result.</summary>
    private void End(Tensor result, Epilogue end, nint channels, nint inner)
    {
        if (end.Bias is not null)
        {
            Elements to = Of(result), bias = Of(end.Bias);
            for (nint i = 0; i < to.Count; i++) to[i] += bias[i / inner % channels];
            GC.KeepAlive(end.Bias);
        }
        Finish(result, end);
    }

    /// <inheritdoc/>
    protected override void Convolve(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result, Epilogue end = default)
    {
        Fill(result, 0);
        Elements x = Of(image), w = Of(weight), y = Of(result);
        foreach (var (i, j, k) in Taps(geometry)) y[k] += x[i] * w[j];
        End(result, end, geometry.Out, geometry.ResultPlane);
        GC.KeepAlive((image, weight, result));
    }

    /// <inheritdoc/>
    protected override void ConvolveImage(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
    {
        Fill(image, 0);
        Elements x = Of(image), w = Of(weight), y = Of(result);
        foreach (var (i, j, k) in Taps(geometry)) x[i] += y[k] * w[j];
        GC.KeepAlive((image, weight, result));
    }

    /// <inheritdoc/>
    protected override void ConvolveWeight(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
    {
        Fill(weight, 0);
        Elements x = Of(image), w = Of(weight), y = Of(result);
        foreach (var (i, j, k) in Taps(geometry)) w[j] += x[i] * y[k];
        GC.KeepAlive((image, weight, result));
    }

    // Every multiplication of a convolution, as the places of its three numbers: the three roles differ in which of them is the result.
    private static IEnumerable<(nint Image, nint Weight, nint Result)> Taps(ConvolutionGeometry at)
    {
        for (int n = 0; n < at.Batch; n++)
            for (int o = 0; o < at.Out; o++)
                for (int i = 0; i < at.InPerGroup; i++)
                    for (int p = 0; p < at.Rows.Output; p++)
                        for (int q = 0; q < at.Columns.Output; q++)
                            for (int r = 0; r < at.Rows.Kernel; r++)
                                for (int s = 0; s < at.Columns.Kernel; s++)
                                {
                                    int row = at.Rows.Position(p, r), column = at.Columns.Position(q, s);
                                    if (row < 0 || row >= at.Rows.Input || column < 0 || column >= at.Columns.Input) continue;
                                    int channel = n * at.In + o / at.OutPerGroup * at.InPerGroup + i;
                                    yield return (
                                        ((nint)channel * at.Rows.Input + row) * at.Columns.Input + column,
                                        (((nint)o * at.InPerGroup + i) * at.Rows.Kernel + r) * at.Columns.Kernel + s,
                                        (((nint)n * at.Out + o) * at.Rows.Output + p) * at.Columns.Output + q);
                                }
    }
}
