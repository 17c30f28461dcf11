namespace DeepNet;

public abstract partial class Formula
{
    /// <summary>Makes the object for a formula.</summary>
    /// <typeparam name="TOp">The type of the formula.</typeparam>
    /// <param name="op">The formula, with its parameters.</param>
    public static Formula Of<TOp>(TOp op) where TOp : unmanaged, IUnaryOp<TOp> => new Formula<TOp>(op);
}

internal sealed class Formula<TOp>(TOp op) : Formula where TOp : unmanaged, IUnaryOp<TOp>
{
    // Pinned, so that kernels can point to it.
    private readonly TOp[] op = Pinned(op);

    public override string Name => TOp.Name;

    public override Tensor Apply(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Elementwise.Apply(op[0], x);
    }

    internal override bool CanFuse(DType dtype, bool isRecorded)
        => !TOp.IsPredicate && !Anomaly.IsOn && (dtype.IsHalf() ? TOp.OnHalves && !Needs<TOp>.X : !isRecorded || !Needs<TOp>.X);

    internal override void Map(Tensor x, Tensor y) => y.Kernels.Map(op[0], x, y);

    internal override Tensor Backward(Tensor y, Tensor gradient, bool isRecording)
    {
        if (isRecording)
        {
            var wide = Halves.Wide(gradient);
            return Constant.Fit(TOp.Backward(op[0], wide, Halves.Wide(y), wide), wide).To(gradient.DType);
        }
        gradient = gradient.InLayoutOf(y);
        var result = Engine.MayOverwrite(gradient) ? gradient : Tensor.AllocateLike(y, gradient.DType);
        y.Kernels.MapBackward(op[0], gradient, Needs<TOp>.Y ? y : gradient, gradient, result);
        return result;
    }

    public override void Accept<TVisitor>(ref TVisitor visitor) => visitor.Visit(in op[0]);

    private static TOp[] Pinned(TOp op)
    {
        var pinned = GC.AllocateUninitializedArray<TOp>(1, pinned: true);
        pinned[0] = op;
        return pinned;
    }
}
