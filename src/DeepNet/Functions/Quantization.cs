using DeepNet.Ops;

namespace DeepNet;

/// <summary>Provides matrices of int8 with a scale for each row, which take a quarter of the memory of float32.</summary>
/// <seealso cref="Nn.QuantizedLinear"/>
public static class Quantization
{
    /// <summary>The largest magnitude of a value: the range is symmetric.</summary>
    private const int Most = sbyte.MaxValue;

    /// <summary>
    /// Rounds each row of a matrix to multiples of its scale, so that the largest magnitude of the row is 127 of them.
    /// </summary>
    /// <param name="matrix">The matrix, (rows, columns), of a floating type. There is no gradient.</param>
    /// <returns>The values, int8, and the scales, (rows,).</returns>
    /// <exception cref="ArgumentException">It is no matrix of fractions, or has elements that are not finite.</exception>
    public static (Tensor Values, Tensor Scales) PerRow(Tensor matrix)
    {
        const string op = "quantize";
        ArgumentNullException.ThrowIfNull(matrix);
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

    /// <summary>Computes the matrix that values and scales stand for, in the type of the scales.</summary>
    /// <param name="values">The values, (rows, columns).</param>
    /// <param name="scales">The scale of each row, (rows,).</param>
    public static Tensor Dequantize(Tensor values, Tensor scales)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(scales);
        if (values.Rank != 2 || scales.Rank != 1 || scales.Shape[0] != values.Shape[0])
            throw new ArgumentException($"[dequantize] {values.Shape} and {scales.Shape}: expects values (rows, columns) and scales (rows,).");
        return values.To(scales.DType) * scales.Unsqueeze(1);
    }
}
