namespace DeepNet.Ops;

/// <summary>y = x − tanh x.</summary>
internal readonly struct TanhShrink : IUnaryOp<TanhShrink>
{
    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x - V.Tanh(x);
}
