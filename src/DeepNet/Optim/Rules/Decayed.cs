namespace DeepNet.Optim;

/// <summary>
/// Any rule with the scale and the decay of a <see cref="Regularization"/> around it, and nothing else: what most trainings use, at the
/// price of three operations. <see cref="Regularized{TRule}"/> does the rest too.
/// </summary>
internal readonly struct Decayed<TRule>(TRule rule, Regularization around) : IUpdateRule<Decayed<TRule>>
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
        g = V.Fma(c.L2, p, c.Scale * g);
        p = c.Keep * p;
        TRule.Apply(c, ref p, g, ref s0, ref s1, ref s2);
    }
}
