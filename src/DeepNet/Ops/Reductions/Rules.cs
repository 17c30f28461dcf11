using System.Runtime.CompilerServices;

namespace DeepNet.Ops;

/// <summary>Sum.</summary>
internal readonly struct AddUp : IReduceOp<AddUp>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(0);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => a + b;
}

/// <summary>Product.</summary>
internal readonly struct MultiplyUp : IReduceOp<MultiplyUp>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(1);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => a * b;
}

/// <summary>Maximum; NaN wins.</summary>
internal readonly struct Largest : IReduceOp<Largest>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(double.NegativeInfinity);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.Max(a, b);
}

/// <summary>Minimum; NaN wins.</summary>
internal readonly struct Smallest : IReduceOp<Smallest>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(double.PositiveInfinity);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.Min(a, b);
}

/// <summary>The formula that changes nothing: what a plain reduction maps its elements with.</summary>
internal readonly struct Identity : IUnaryOp<Identity>
{
    /// <inheritdoc/>
    public static bool OnIntegers => true;
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x;
}
