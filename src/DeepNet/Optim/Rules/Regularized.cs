namespace DeepNet.Optim;

/// <summary>
/// Any rule with <see cref="Regularization"/> around it: two formulas become one, and still one pass over memory. The limit
/// applies to the gradient as it came, before it is scaled and before decay is added.
/// </summary>
/// <param name="rule">The rule inside.</param>
/// <param name="around">What is done around it.</param>
/// <typeparam name="TRule">The rule inside.</typeparam>
public readonly struct Regularized<TRule>(TRule rule, Regularization around) : IUpdateRule<Regularized<TRule>>
    where TRule : unmanaged, IUpdateRule<TRule>
{
    private readonly TRule rule = rule;
    private readonly double scale = around.Scale, limit = around.Limit, l2 = around.L2, l1 = around.L1, keep = around.Keep, threshold = around.Threshold;

    /// <inheritdoc/>
    public static int StateCount
    {
        [MethodImpl(AggressiveInlining)]
        get => TRule.StateCount;
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Apply<V>(Regularized<TRule> rule, ref V p, V g, ref V s0, ref V s1, ref V s2) where V : INumber<V>
    {
        V zero = V.Constant(0);
        V sign = V.IfGreater(p, zero, V.Constant(rule.l1), V.IfGreater(zero, p, V.Constant(-rule.l1), zero));
        g = V.Constant(rule.scale) * V.Min(V.Max(g, V.Constant(-rule.limit)), V.Constant(rule.limit));
        g = V.Fma(V.Constant(rule.l2), p, g) + sign;
        p = V.Constant(rule.keep) * p;
        TRule.Apply(rule.rule, ref p, g, ref s0, ref s1, ref s2);
        p -= V.Min(V.Max(p, V.Constant(-rule.threshold)), V.Constant(rule.threshold));
    }
}
