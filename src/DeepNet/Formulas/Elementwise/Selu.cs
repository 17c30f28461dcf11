namespace DeepNet.Ops;

/// <summary>y = λ·x where x &gt; 0, else λ·α·(eˣ − 1): the ELU that keeps mean 0 and variance 1 (Klambauer et al. 2017).</summary>
internal readonly struct Selu : IUnaryOp<Selu>
{
    private const double Scale = 1.0507009873554804934193349852946;
    private const double Alpha = 1.6732632423543772848170429916717;

    public static bool OnHalves => true;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), V.Constant(Scale) * x, V.Constant(Scale * Alpha) * V.Expm1(V.Min(V.Constant(0), x)));

    [MethodImpl(AggressiveInlining)]
    public static V Backward<V>(Selu op, V x, V y, V g) where V : INumber<V>
        => V.IfGreater(x, V.Constant(0), V.Constant(Scale) * g, g * V.Constant(Scale * Alpha) * V.Exp(V.Min(V.Constant(0), x)));
}
