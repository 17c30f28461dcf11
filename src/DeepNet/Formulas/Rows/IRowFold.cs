namespace DeepNet.Devices;

/// <summary>
/// One pass over a row that combines what its elements contribute: a maximum, a sum, or up to three numbers of which the others are sums.
/// Like all formulas it is read by SIMD vectors, by GPU kernels, by <see cref="Dual{V}"/> and by recorded tensors.
/// </summary>
/// <remarks>
/// What a formula is (what it reads, how many numbers it carries) is said by the interfaces below, which have no members: a test such as
/// <c>default(TFold) is IReadsG</c> is decided before the JIT inlines anything. A static property is decided after both branches have been
/// inlined, and a method that holds too much stops being inlined without a word. Formulas are internal, not private: GPU compilers see
/// no private types.
/// </remarks>
/// <typeparam name="TSelf">The fold itself.</typeparam>
public interface IRowFold<TSelf> where TSelf : unmanaged, IRowFold<TSelf>
{
    /// <summary>Gets the contribution of an element to the first number.</summary>
    static abstract V Term<V>(TSelf fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V>;

    /// <summary>Takes an element in. Overridden where a multiply-add serves, or more than one number is carried.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual void Add<V>(TSelf fold, in RowElement<V> e, in RowState<V> k, ref V a, ref V b, ref V c) where V : INumber<V>
        => a = TSelf.Combine(a, TSelf.Term(fold, e, k));

    /// <summary>The first number of no elements; the others begin at 0.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual V Neutral<V>() where V : INumber<V> => V.Constant(0);

    /// <summary>Combines the first numbers of two parts of a row; the others are added.</summary>
    [MethodImpl(AggressiveInlining)]
    static virtual V Combine<V>(V a, V b) where V : INumber<V> => a + b;

    /// <summary>Combines the first numbers of all lanes of a vector.</summary>
    [MethodImpl(AggressiveInlining)]
    internal static virtual T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.Sum(v);

    /// <summary>From what the fold gave for a row of <paramref name="n"/> elements to the numbers that later stages read.</summary>
    static abstract void Close<V>(TSelf fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>;
}

/// <summary>A formula that reads <see cref="RowElement{V}.X"/>.</summary>
public interface IReadsX;

/// <summary>A formula that reads <see cref="RowElement{V}.G"/>.</summary>
public interface IReadsG;

/// <summary>A formula that reads <see cref="RowElement{V}.W"/>.</summary>
public interface IReadsW;

/// <summary>A fold of two numbers.</summary>
public interface ITwoSums;

/// <summary>A fold of three numbers.</summary>
public interface IThreeSums : ITwoSums;

/// <summary>
/// A fold with a costly term: one accumulator leaves it the registers. Others have four, which hide the latency of an addition.
/// </summary>
public interface IOneAccumulator;

/// <summary>A fold with two accumulators.</summary>
public interface ITwoAccumulators;

/// <summary>
/// A fold that the result does not depend on, such as the maximum that keeps exponentials from overflowing: it has no gradient.
/// </summary>
public interface IShift;

/// <summary>
/// A second fold that reads x and A only as their difference, as the map then does too unless it gives one number: along other axes than
/// the last the difference is computed once.
/// </summary>
public interface IOfDistance;

/// <summary>The fold of an operator that has none in this place.</summary>
public readonly struct NoFold : IRowFold<NoFold>, IShift
{
    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(NoFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => V.Constant(0);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(NoFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> { }
}

/// <summary>Combines the first numbers of a fold in a reduction.</summary>
internal readonly struct FoldRule<TFold> : IReduceOp<FoldRule<TFold>> where TFold : unmanaged, IRowFold<TFold>
{
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => TFold.Neutral<V>();

    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => TFold.Combine(a, b);

    [MethodImpl(AggressiveInlining)]
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => TFold.Across<V, T>(v);
}
