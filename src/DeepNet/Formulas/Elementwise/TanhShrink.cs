namespace DeepNet.Ops;

/// <summary>y = x − tanh x.</summary>
internal readonly struct TanhShrink : IUnaryOp<TanhShrink>
{
    public static bool OnHalves => true;
    public static string Name => "tanh_shrink";

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => x - V.Tanh(x);
}
