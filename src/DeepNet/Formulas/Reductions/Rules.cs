namespace DeepNet.Ops;

/// <summary>Sum.</summary>
internal readonly struct AddUp : IReduceOp<AddUp>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(0);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => a + b;
    [MethodImpl(AggressiveInlining)]
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.Sum(v);
}

/// <summary>Product.</summary>
internal readonly struct MultiplyUp : IReduceOp<MultiplyUp>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(1);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => a * b;
}

/// <summary>Maximum; NaN wins.</summary>
internal readonly struct Largest : IReduceOp<Largest>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(double.NegativeInfinity);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.Max(a, b);
    [MethodImpl(AggressiveInlining)]
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.MaxLane(v);
}

/// <summary>Minimum; NaN wins.</summary>
internal readonly struct Smallest : IReduceOp<Smallest>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(double.PositiveInfinity);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.Min(a, b);
    [MethodImpl(AggressiveInlining)]
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.MinLane(v);
}

/// <summary>Maximum of what is not NaN, two instructions a step: for use where NaN shows up in the next pass anyway.</summary>
internal readonly struct LargestNumber : IReduceOp<LargestNumber>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(double.NegativeInfinity);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.IfGreater(b, a, b, a);
    [MethodImpl(AggressiveInlining)]
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.MaxLane(v);
}
