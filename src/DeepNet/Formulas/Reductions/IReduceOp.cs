namespace DeepNet.Devices;

/// <summary>Combines two partial results of a reduction: an associative formula with a neutral element.</summary>
/// <typeparam name="TSelf">The rule itself.</typeparam>
public interface IReduceOp<TSelf> where TSelf : unmanaged, IReduceOp<TSelf>
{
    /// <summary>Gets the neutral element, which is the result over no elements.</summary>
    static abstract V Neutral<V>() where V : INumber<V>;

    /// <summary>The combination of two partial results.</summary>
    static abstract V Combine<V>(V a, V b) where V : INumber<V>;

    /// <summary>The combination of all lanes of a vector, in a fixed order.</summary>
    internal static virtual unsafe T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged
    {
        T* lanes = stackalloc T[V.Lanes];
        v.Store(lanes);
        V result = V.Broadcast(lanes[0]);
        for (int i = 1; i < V.Lanes; i++) result = TSelf.Combine(result, V.Broadcast(lanes[i]));
        result.Store(lanes);
        return *lanes;
    }
}
