namespace DeepNet.Devices;

/// <summary>One number over the elements of a list of tensors, or of two lists side by side. Over no elements it is 0.</summary>
/// <typeparam name="TSelf">The measure itself.</typeparam>
public interface IMeasure<TSelf> where TSelf : unmanaged, IMeasure<TSelf>
{
    /// <summary>Returns the contribution of one pair of elements.</summary>
    static abstract V Map<V>(V a, V b) where V : INumber<V>;

    /// <summary>The combination of two partial results; associative, and 0 changes nothing.</summary>
    static abstract V Combine<V>(V a, V b) where V : INumber<V>;
}

/// <summary>Σ a·b.</summary>
internal readonly struct DotProduct : IMeasure<DotProduct>
{
    [MethodImpl(AggressiveInlining)]
    public static V Map<V>(V a, V b) where V : INumber<V> => a * b;
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => a + b;
}

/// <summary>Σ |a|.</summary>
internal readonly struct SumOfMagnitudes : IMeasure<SumOfMagnitudes>
{
    [MethodImpl(AggressiveInlining)]
    public static V Map<V>(V a, V b) where V : INumber<V> => V.Abs(a);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => a + b;
}

/// <summary>max |a|; NaN if there is one.</summary>
internal readonly struct LargestMagnitude : IMeasure<LargestMagnitude>
{
    [MethodImpl(AggressiveInlining)]
    public static V Map<V>(V a, V b) where V : INumber<V> => V.Abs(a);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.Max(a, b);
}
