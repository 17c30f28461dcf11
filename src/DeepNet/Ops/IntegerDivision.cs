namespace DeepNet.Ops;

/// <summary>Quotients and remainders that stay integers, of which there is none by 0.</summary>
internal static class IntegerDivision
{
    public static Tensor Apply<TOp>(TOp op, Tensor a, Tensor b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        ArgumentNullException.ThrowIfNull(b);
        try
        {
            return Elementwise.Apply(op, a, b);
        }
        catch (DivideByZeroException e)
        {
            throw ByZero(TOp.Name, $"a divisor of shape {b.Shape} has a 0", e);
        }
    }

    public static Tensor Apply<TOp>(TOp op, Tensor a, Scalar b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (b.Kind != ScalarKind.Floating && b.ToInt64() == 0 && !a.DType.IsFloating()) throw ByZero(TOp.Name, $"the divisor of a tensor "
            + $"of shape {a.Shape} is 0", null);
        return Elementwise.Apply(op, a, b);
    }

    public static Tensor Apply<TOp>(TOp op, Scalar a, Tensor b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        try
        {
            return Elementwise.Apply(op, a, b);
        }
        catch (DivideByZeroException e)
        {
            throw ByZero(TOp.Name, $"a divisor of shape {b.Shape} has a 0", e);
        }
    }

    private static DivideByZeroException ByZero(string op, string what, Exception? inner) => new(
        $"[{op}] {what}, and integers know no infinity or NaN to answer with. Convert first, x.To(DType.Float32), or replace the zeros of "
            + "the divisor.", inner);
}
