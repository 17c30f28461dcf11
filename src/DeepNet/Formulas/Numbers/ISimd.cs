namespace DeepNet;

/// <summary>
/// A number that comes in <see cref="Lanes"/> at a time and can be loaded from memory: what the CPU loops run formulas on.
/// A scalar is the case of one lane, so every element type has an interpreter and the loops exist once.
/// </summary>
/// <typeparam name="V">The interpreter itself.</typeparam>
/// <typeparam name="T">The element type in memory.</typeparam>
internal unsafe interface ISimd<V, T> : INumber<V>
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    /// <summary>Gets the number of elements of one value.</summary>
    static abstract int Lanes { get; }

    /// <summary>All lanes equal to <paramref name="value"/>.</summary>
    static abstract V Broadcast(T value);

    /// <summary>Loads <see cref="Lanes"/> elements; no alignment is needed.</summary>
    static abstract V Load(T* p);
    /// <summary>Stores <see cref="Lanes"/> elements.</summary>
    void Store(T* p);

    /// <summary>
    /// Loads the first <paramref name="n"/> elements (0 &lt; n &lt; Lanes) and touches no memory behind them; other lanes are zero.
    /// </summary>
    static abstract V LoadPart(T* p, int n);
    /// <summary>Stores the first <paramref name="n"/> lanes only.</summary>
    void StorePart(T* p, int n);

    /// <summary>Stores each lane as one byte: 0 where it is zero, 1 elsewhere. How comparisons become bool tensors.</summary>
    void StoreBool(byte* p);

    /// <summary>The sum of all lanes, added in a fixed order (halves first).</summary>
    static abstract T Sum(V v);
    /// <summary>The largest lane; NaN if any lane is.</summary>
    static abstract T MaxLane(V v);
    /// <summary>The smallest lane; NaN if any lane is.</summary>
    static abstract T MinLane(V v);
}
