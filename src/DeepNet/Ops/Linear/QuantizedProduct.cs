namespace DeepNet.Ops;

/// <summary>
/// The product with a matrix of int8 that has a scale for each row, or with its transpose. A block of rows at a time becomes fractions, and
/// stays in the cache until it is used.
/// </summary>
internal sealed class QuantizedProduct(Tensor values, Tensor scales, bool isTransposed) : Operator, ISampled
{
    private const int BlockCount = 1 << 16;

    /// <summary>x·Wᵀ over the last axis of x.</summary>
    public static Tensor Of(Tensor x, Tensor values, Tensor scales)
        => new QuantizedProduct(values, scales, isTransposed: true).Apply(x.To(DTypes.ComputeFloating(x.DType)));

    public override string Name => "quantized_product";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0].Reshape(-1, inputs[0].Shape[^1]);
        int rows = values.Shape[0], columns = values.Shape[1], width = isTransposed ? rows : columns;
        var y = Tensor.Full(new Shape(x.Shape[0], width), 0, x.DType, x.Device);
        int each = Math.Max(1, BlockCount / Math.Max(1, columns));
        for (int i = 0; i < rows; i += each)
        {
            int n = Math.Min(each, rows - i);
            using var block = values.Narrow(0, i, n).To(x.DType);
            var scale = scales.Narrow(0, i, n).To(x.DType);
            if (isTransposed)
            {
                using var product = x.MatMul(block.T);
                using var scaled = product * scale;
                y.Kernels.Copy(scaled, y.Narrow(1, i, n));
            }
            else
            {
                using var scaled = x.Narrow(1, i, n) * scale;
                y.Kernels.MatMul(scaled, block, y, accumulate: true);
            }
        }
        return y.Reshape([.. inputs[0].Shape.Axes[..^1], width]);
    }

    protected override void Vjp(Tensor gradient) => Give(0, new QuantizedProduct(values, scales, !isTransposed).Apply(gradient));

    private static (Tensor Values, Tensor Scales) Matrix => RowQuantization.Of(Sample.Values(4, 3));

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => Of(x[0], Matrix.Values.To(x[0].Device), Matrix.Scales.To(x[0].Device)), Sample.Values(2, 3)),
        new("a vector, squared", x => Of(x[0], Matrix.Values.To(x[0].Device), Matrix.Scales.To(x[0].Device)).Square(), Sample.Values(3)),
    ];
}
