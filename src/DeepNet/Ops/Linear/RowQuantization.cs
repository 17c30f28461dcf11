namespace DeepNet.Ops;

/// <summary>Matrices as int8 with a scale for each row, and back.</summary>
internal static class RowQuantization
{
    /// <summary>The largest magnitude of a value: the range is symmetric.</summary>
    private const int Most = sbyte.MaxValue;

    public static (Tensor Values, Tensor Scales) Of(Tensor matrix)
    {
        const string op = "quantize";
        if (matrix.Rank != 2 || !matrix.DType.IsFloating())
            throw new ArgumentException($"[{op}] expects a matrix of fractions, got {matrix.DType.Name()} {matrix.Shape}.");
        using var off = GradSwitch.Off();
        var x = matrix.Detach().To(DTypes.Compute(matrix.DType));
        if (!x.IsFinite().All().Item<bool>())
            throw new ArgumentException($"[{op}] a matrix of shape {matrix.Shape} has elements that are not finite, which no multiple of a "
                + "scale is near.");
        if (x.Count == 0) return (x.To(DType.Int8), Tensor.Zeros(new Shape(x.Shape[0]), x.DType, x.Device));
        var scales = x.Abs().Max(1) / Most;
        // A row of zeros has none, and its values are 0 over anything.
        var divisor = Tensor.Where(scales > 0, scales, 1.0).Unsqueeze(1);
        return ((x / divisor).Round().To(DType.Int8), scales);
    }

    public static Tensor Back(Tensor values, Tensor scales)
        => values.Rank == 2 && scales.Rank == 1 && scales.Shape[0] == values.Shape[0] ? values.To(scales.DType) * scales.Unsqueeze(1)
            : throw new ArgumentException(
                $"[dequantize] {values.Shape} and {scales.Shape}: expects values (rows, columns) and scales (rows,).");
}
