namespace DeepNet.Ops;

/// <summary>y = 1 where x is not a number, else 0.</summary>
internal readonly struct IsNan : IUnaryOp<IsNan>
{
    /// <inheritdoc/>
    public static string Name => "is_nan";

    /// <inheritdoc/>
    public static bool OnIntegers => true;

    /// <inheritdoc/>
    public static bool IsPredicate => true;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfEqual(x, x, V.Constant(0), V.Constant(1));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(IsNan op, V x, V y, V g) where V : INumber<V> => V.Constant(0);
}
