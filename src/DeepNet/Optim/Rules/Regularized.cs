namespace DeepNet.Optim;

/// <summary>
/// Any rule with <see cref="Regularization"/> around it: two formulas become one, and still one pass over memory. The limit
/// applies to the gradient as it came, before it is scaled and before decay is added.
/// </summary>
internal readonly struct Regularized<TRule>(TRule rule, Regularization around) : IUpdateRule<Regularized<TRule>>
    where TRule : unmanaged, IUpdateRule<TRule>
{
    public static int StateCount
    {
        [MethodImpl(AggressiveInlining)]
        get => TRule.StateCount;
    }

    public Coefficients Prepare() => rule.Prepare() with { Around = around };

    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(in Coefficients<V> c, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        V zero = V.Constant(0);
        V sign = V.IfGreater(p, zero, c.L1, V.IfGreater(zero, p, -c.L1, zero));
        g = c.Scale * Within(g, c.Limit);
        g = V.Fma(c.L2, p, g) + sign;
        p = c.Keep * p;
        TRule.Apply(c, ref p, g, ref s0, ref s1, ref s2);
        p -= Within(p, c.Threshold);
    }

    /// <summary>x within ±limit; NaN stays NaN. Comparisons, because maxima that let NaN through cost twice as much.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V Within<V>(V x, V limit) where V : INumber<V> => V.IfGreater(x, limit, limit, V.IfGreater(-limit, x, -limit, x));
}
