namespace DeepNet.Onnx;

/// <summary>Numbers stored as small integers. Products of such integers are computed in float64, which has them all.</summary>
internal static class Quantisation
{
    public static void AddTo(OperatorTable table)
    {
        table.One("QuantizeLinear", call => Quantize(call[0], call[1], call.Optional(2), Axis(call)), (node, _)
            => Logic.WhyNot(node, "output_dtype"));
        table.One("DequantizeLinear", call => Dequantize(call[0], call[1], call.Optional(2), Axis(call)));
        table.Many("DynamicQuantizeLinear", Dynamic);
        table.One("MatMulInteger", call => Product(call).To(DType.Int32));
        table.One("ConvInteger", call => ConvolutionOperators.Convolve(
            call, Less(call[0], call.Optional(2), null), Less(call[1], call.Optional(3), 0), null).To(DType.Int32));
        table.One("QLinearMatMul", call =>
        {
            Tensor a = Dequantize(call[0], call[1], call[2], RowAxis(call[0], call[1])), b = Dequantize(call[3], call[4], call[5], -1);
            return Quantize(a.To(DType.Float64).MatMul(b.To(DType.Float64)), call[6], call[7], -1);
        });
        table.One("QLinearConv", QLinearConv);
    }

    private static int Axis(Call call) => (int)call.Int("axis", 1);

    // One number for each row of a matrix stands along the axis before the last.
    private static int RowAxis(Tensor x, Tensor scale) => scale.Rank == 1 && scale.Count > 1 ? x.Rank - 2 : -1;

    /// <summary>Puts one number for each part of an axis where it is broadcast along that axis.</summary>
    private static Tensor Along(Tensor numbers, int rank, int axis)
    {
        if (numbers.Count == 1) return numbers.Reshape();
        if (numbers.Rank > 1) return numbers;
        axis = Call.Wrap(axis, rank);
        return numbers.Reshape([.. Enumerable.Range(0, rank).Select(at => at == axis ? (int)numbers.Count : 1)]);
    }

    private static Tensor Less(Tensor x, Tensor? zero, int? axis)
    {
        x = x.To(DType.Float64);
        return zero is null ? x : x - Along(zero.To(DType.Float64), x.Rank, axis ?? RowAxis(x, zero));
    }

    private static Tensor Quantize(Tensor x, Tensor scale, Tensor? zero, int axis)
    {
        var dtype = zero?.DType ?? DType.UInt8;
        var y = (x.To(scale.DType.IsHalf() ? DType.Float32 : x.DType) / Along(scale, x.Rank, axis)).Round();
        if (zero is not null) y = y + Along(zero.To(y.DType), x.Rank, axis);
        return y.To(dtype);
    }

    private static Tensor Dequantize(Tensor x, Tensor scale, Tensor? zero, int axis)
    {
        var y = x.To(scale.DType);
        if (zero is not null) y = y - Along(zero.To(scale.DType), x.Rank, axis);
        return (y * Along(scale, x.Rank, axis)).To(scale.DType);
    }

    private static Tensor?[] Dynamic(Call call)
    {
        var x = call[0];
        Tensor low = x.Min().Minimum(0), high = x.Max().Maximum(0), scale = (high - low) / 255;
        var zero = (-low / scale).Clamp(0, 255).Round().To(DType.UInt8);
        return [Quantize(x, scale, zero, 0), scale, zero];
    }

    private static Tensor Product(Call call) => Less(call[0], call.Optional(2), null).MatMul(Less(call[1], call.Optional(3), -1));

    private static Tensor QLinearConv(Call call)
    {
        Tensor x = Less(call[0], call[2], null), weight = Less(call[3], call[5], 0);
        var y = ConvolutionOperators.Convolve(call, x, weight, call.Optional(8)?.To(DType.Float64));
        var scale = call[1].To(DType.Float64) * call[4].To(DType.Float64);
        return Quantize(y * Along(scale, y.Rank, 1), call[6].To(DType.Float64), call[7], 0);
    }
}
