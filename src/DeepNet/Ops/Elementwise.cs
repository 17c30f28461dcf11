namespace DeepNet.Ops;

/// <summary>Applies formulas to tensors: types, shapes, the result's memory, the kernel, and the record for autograd.</summary>
/// <remarks>
/// Applying is a call: inlined into the methods of operators it uses up the JIT's budget there, and small accessors become calls.
/// </remarks>
internal static class Elementwise
{
    [MethodImpl(NoInlining)]
    public static Tensor Apply<TOp>(TOp op, Tensor x) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var dtype = x.DType;
        if (dtype < DType.Float32 && !(dtype.IsHalf() ? TOp.OnHalves : TOp.OnIntegers))
        {
            dtype = DType.Float32;
            x = x.To(dtype);
        }
        var thread = ThreadContext.Current;
        var y = TOp.IsPredicate ? Tensor.Allocate(thread, x.Shape, DType.Bool, x.Device)
            : x.IsContiguous ? Tensor.Allocate(thread, x.Shape, dtype, x.Device)
            : Tensor.AllocateLike(x, dtype);
        if (x.Device is CpuDevice && !Listener.IsOn) CpuDevice.MapHere(op, x, y);
        else Recording.Map(op, x, y);
        if (x.Storage.NeedsLook) x.EndRead(TOp.Name);
        if (!TOp.IsPredicate && x.KnownNode is not null && !thread.IsGradOff) y.Node = new UnaryNode<TOp>(thread, op, x, y);
        if (x.Storage.IsConstant) y.Storage.IsConstant = true;
        if (Listener.IsOn) Anomaly.CheckResult(TOp.Name, y, x);
        return y;
    }

    [MethodImpl(NoInlining)]
    public static Tensor Apply<TOp>(TOp op, Tensor a, Tensor b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (a.DType != b.DType || a.DType != DType.Float32)
        {
            if (Constant.TryApply(op, a, b) is { } result) return result;
            (a, b) = Meet<TOp>(a, b);
        }
        if (!ReferenceEquals(a.Device, b.Device)) throw DifferentDevices(TOp.Name, a, b);
        var shape = ReferenceEquals(a.Shape, b.Shape) ? a.Shape : Axis.Broadcast(TOp.Name, a.Shape, b.Shape);
        var thread = ThreadContext.Current;
        var y = TOp.IsPredicate ? Tensor.Allocate(thread, shape, DType.Bool, a.Device)
            : a.IsContiguous && b.IsContiguous ? Tensor.Allocate(thread, shape, a.DType, a.Device)
            : Tensor.AllocateLike(Leading(a, b, shape), a.DType);
        if (a.Device is CpuDevice && !Listener.IsOn) CpuDevice.ZipHere(op, a, b, y);
        else Recording.Zip(op, a, b, y);
        if (a.Storage.NeedsLook) a.EndRead(TOp.Name);
        if (b.Storage.NeedsLook) b.EndRead(TOp.Name);
        if (!TOp.IsPredicate && (a.KnownNode is not null || b.KnownNode is not null) && !thread.IsGradOff)
            y.Node = BinaryNode<TOp>.Of(thread, op, a, b, y);
        if (Listener.IsOn) Anomaly.CheckResult(TOp.Name, y, a, b);
        return y;
    }

    /// <summary>A binary operator with a C# number on its right: one pass, the number in a register.</summary>
    public static Tensor Apply<TOp>(TOp op, Tensor a, Scalar b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (!IsExact(b)) return Apply(op, a, Tensor.Full(Shape.Scalar, b, DType.Int64, a.Device));
        return Apply(new WithRight<TOp>(op, b.ToDouble()), Widen<TOp>(a, b));
    }

    /// <summary>A binary operator with a C# number on its left.</summary>
    public static Tensor Apply<TOp>(TOp op, Scalar a, Tensor b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (!IsExact(a)) return Apply(op, Tensor.Full(Shape.Scalar, a, DType.Int64, b.Device), b);
        return Apply(new WithLeft<TOp>(op, a.ToDouble()), Widen<TOp>(b, a));
    }

    // Parameters of formulas are doubles, which hold integers exactly up to 2^53.
    private static bool IsExact(Scalar number) => number.Kind == ScalarKind.Floating || Math.Abs(number.ToDouble()) < 9007199254740992.0;

    /// <summary>The operand whose layout the result has: one with all of its axes, images with their channels side by side first.</summary>
    private static Tensor Leading(Tensor a, Tensor b, Shape shape)
    {
        bool aIsWhole = a.Shape.Equals(shape), bIsWhole = b.Shape.Equals(shape);
        if (aIsWhole && (a.IsChannelsLast || !bIsWhole)) return a;
        return bIsWhole ? b : a.Expand(shape);
    }

    private static Tensor Widen<TOp>(Tensor tensor, Scalar number) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (tensor.DType >= DType.Float32 || (TOp.OnHalves && tensor.DType.IsHalf())) return tensor;
        var dtype = DTypes.Promote(tensor.DType, number);
        if (TOp.OnIntegers && !DTypes.Holds(dtype, number))
        {
            if (!TOp.IsPredicate) DTypes.CheckHolds(TOp.Name, dtype, number);
            dtype = DType.Int64;
        }
        return tensor.DType == dtype ? tensor : tensor.To(dtype);
    }

    private static (Tensor A, Tensor B) Meet<TOp>(Tensor a, Tensor b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (TOp.OnHalves && a.DType == b.DType && a.DType.IsHalf()) return (a, b);
        var dtype = DTypes.Compute(DTypes.Promote(a.DType, b.DType));
        if (!TOp.OnIntegers) dtype = DTypes.ComputeFloating(dtype);
        return (a.DType == dtype ? a : a.To(dtype), b.DType == dtype ? b : b.To(dtype));
    }

    internal static ArgumentException DifferentDevices(string op, Tensor a, Tensor b) => new(
        $"[{op}] the operands are on different devices: {a.Shape} on {a.Device} and {b.Shape} on {b.Device}. Move one of them: "
        + "b.To(a.Device).");
}
