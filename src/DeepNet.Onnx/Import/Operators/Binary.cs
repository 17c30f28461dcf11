namespace DeepNet.Onnx;

/// <summary>Arithmetic of two or more tensors, element by element.</summary>
internal static class Binary
{
    public static void AddTo(OperatorTable table)
    {
        table.Same("Add", call => call[0] + Second(call));
        table.Same("Sub", call => call[0] - Second(call));
        table.Same("Mul", call => call[0] * Second(call));
        table.Same("Div", call => call[0].DType.IsFloating() ? call[0] / Second(call) : Quotient(call[0], Second(call)));
        table.Same("Mod", Mod);
        table.Same("Pow", Pow);
        table.Same("Max", call => Fold(call, (a, b) => a.Maximum(b)));
        table.Same("Min", call => Fold(call, (a, b) => a.Minimum(b)));
        table.Same("Sum", call => Fold(call, (a, b) => a + b));
        table.Same("Mean", call => Fold(call, (a, b) => a + b) / call.Count);
        table.Same("BitShift", BitShift);
    }

    /// <summary>
    /// Gets the second operand. Before version 7 it was broadcast only if the node said so, and then along the axes that begin at a given
    /// one.
    /// </summary>
    public static Tensor Second(Call call)
    {
        Tensor a = call[0], b = call[1];
        if (call.Version >= 7 || !call.Has("axis") || !call.Flag("broadcast") || b.Rank == 0) return b;
        int behind = a.Rank - call.Axis("axis", 0, a.Rank) - b.Rank;
        return behind > 0 ? b.Reshape([.. b.Shape.Axes, .. Enumerable.Repeat(1, behind)]) : b;
    }

    /// <summary>The quotient of integers, towards zero.</summary>
    public static Tensor Quotient(Tensor a, Tensor b)
    {
        if (a.DType == DType.UInt8) return a.FloorDivide(b);
        var sign = a.Sign() * b.Sign();
        return a.Abs().FloorDivide(b.Abs()) * sign;
    }

    private static Tensor Mod(Call call)
    {
        Tensor a = call[0], b = call[1];
        if (call.Flag("fmod")) return (a.Abs() % b.Abs()) * a.Sign();
        return a % b;
    }

    // Integers are raised as float64, which has all results up to 2⁵³.
    private static Tensor Pow(Call call)
    {
        Tensor a = call[0], b = Second(call);
        return a.DType.IsFloating() ? a.Pow(b.To(a.DType)) : a.To(DType.Float64).Pow(b.To(DType.Float64));
    }

    private static Tensor BitShift(Call call)
    {
        Tensor x = call[0].To(DType.Int64), factor = (call[1].To(DType.Float64) * Math.Log(2)).Exp().Round().To(DType.Int64);
        return call.Text("direction", "LEFT") == "LEFT" ? x * factor : x.FloorDivide(factor);
    }

    private static Tensor Fold(Call call, Func<Tensor, Tensor, Tensor> meet)
    {
        var sum = call[0];
        for (int i = 1; i < call.Count; i++) sum = meet(sum, call[i]);
        return sum;
    }
}
