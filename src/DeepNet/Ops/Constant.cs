namespace DeepNet.Ops;

/// <summary>
/// Constants of formulas, when a tensor interprets them: 0-d tensors in double precision that take on the element type and
/// the device of whatever they meet, as C# numbers do.
/// </summary>
internal static class Constant
{
    public static unsafe Tensor Of(double value)
    {
        var tensor = Tensor.Allocate(Shape.Scalar, DType.Float64, Device.Cpu);
        *tensor.Pointer<double>() = value;
        tensor.Storage.IsConstant = true;
        return tensor;
    }

    private static unsafe double Value(Tensor constant)
    {
        double value = *constant.Pointer<double>();
        GC.KeepAlive(constant);
        return value;
    }

    /// <summary>The operator's result if one operand is a constant; else null.</summary>
    public static Tensor? TryApply<TOp>(TOp op, Tensor a, Tensor b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        bool isA = a.Storage.IsConstant, isB = b.Storage.IsConstant;
        if (isA && isB) return Of(op.Forward(new F64(Value(a)), new F64(Value(b))).V);
        if (isB && typeof(TOp) == typeof(Sub) && a.DType.IsFloating() && Value(b) == 0) return a;
        if (isB) return Elementwise.Apply(op, a, (Scalar)Value(b));
        return isA ? Elementwise.Apply(op, (Scalar)Value(a), b) : null;
    }

    /// <summary>
    /// Chooses between two numbers, at least one of which may be a constant; then it takes the type of the compared ones.
    /// </summary>
    public static Tensor Choose(Tensor condition, Tensor p, Tensor q, Tensor a, Tensor b)
    {
        if (condition.Storage.IsConstant) return Value(condition) != 0 ? a : b; // both compared numbers are constants: 2 ** x
        var like = !a.Storage.IsConstant ? a : !b.Storage.IsConstant ? b : !p.Storage.IsConstant ? p : q;
        return Tensor.Where(condition.To(like.Device), Like(a, like), Like(b, like));
    }

    /// <summary>
    /// A tensor on a device if it is one number on the processor: a C# number becomes a tensor there before anybody knows where it will be
    /// needed.
    /// </summary>
    public static Tensor Follow(Tensor x, Device device)
        => x.Rank == 0 && x.Device.Kind == DeviceKind.Cpu && !ReferenceEquals(x.Device, device) ? x.To(device) : x;

    /// <summary>
    /// A derivative as a formula gave it, which may be a mere constant, in the type and shape of the gradient <paramref name="g"/>.
    /// </summary>
    public static Tensor Fit(Tensor derivative, Tensor g)
    {
        derivative = Like(derivative, g);
        return derivative.Shape.Equals(g.Shape) ? derivative : derivative.Expand(g.Shape);
    }

    /// <summary>Two operands of which one may be a constant: then it takes the type in which a C# number would meet the other.</summary>
    public static (Tensor A, Tensor B) Meet(Tensor a, Tensor b)
    {
        bool isA = a.Storage.IsConstant, isB = b.Storage.IsConstant;
        if (isA == isB) return (a, b);
        var like = isA ? b : a;
        var dtype = DTypes.Promote(like.DType, (Scalar)0.5);
        var number = Tensor.Full(Shape.Scalar, Value(isA ? a : b), dtype, like.Device);
        return isA ? (number, b) : (a, number);
    }

    private static Tensor Like(Tensor x, Tensor like)
        => x.Storage.IsConstant && !like.Storage.IsConstant ? Tensor.Full(Shape.Scalar, Value(x), like.DType, like.Device) : x;
}
