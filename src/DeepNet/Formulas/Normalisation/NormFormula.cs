namespace DeepNet.Ops;

/// <summary>
/// The formulas of normalisation. Loops, kernels of GPUs and the form in tensor operations all read them, and differ in how they go through
/// memory. A distance is x − mean, where the mean of a group that is not centered is 0.
/// </summary>
internal static class NormFormula
{
    /// <summary>The factor that makes the variance 1.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Scale<V>(V variance, V epsilon) where V : INumber<V> => V.Constant(1) / V.Sqrt(variance + epsilon);

    /// <inheritdoc cref="Scale{V}"/>
    [MethodImpl(AggressiveInlining)]
    public static double Scale(double variance, double epsilon) => Scale<F64>(new(variance), new(epsilon)).V;

    /// <summary>The result where each element has a weight and a bias.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Value<V>(V distance, V scale, V weight, V bias) where V : INumber<V> => V.Fma(distance * scale, weight, bias);

    /// <summary>The result where a group has one of both; the factor is its scale times its weight.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Value<V>(V distance, V factor, V bias) where V : INumber<V> => V.Fma(distance, factor, bias);

    /// <summary>Adds an element to the gradient of its weight.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V AddToWeight<V>(V sum, V g, V distance, V scale) where V : INumber<V> => V.Fma(g, distance * scale, sum);

    /// <summary>Adds an element to Σ g and Σ g·distance of its group, where g is times the weight of the element.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Add<V>(ref V plain, ref V along, V g, V distance) where V : INumber<V>
    {
        plain += g;
        along = V.Fma(g, distance, along);
    }

    /// <summary>
    /// What the gradients of a group's elements have in common, from the sums of <see cref="Add"/>: through the mean the first is added to
    /// them, and through the variance the second times the distance taken away.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static (V Shift, V Turn) Common<V>(V plain, V along, V factor, V scale, V n) where V : INumber<V>
        => (-(factor * plain / n), factor * scale * scale * along / n);

    /// <inheritdoc cref="Common{V}"/>
    [MethodImpl(AggressiveInlining)]
    public static (double Shift, double Turn) Common(double plain, double along, double factor, double scale, double n)
    {
        var (shift, turn) = Common<F64>(new(plain), new(along), new(factor), new(scale), new(n));
        return (shift.V, turn.V);
    }

    /// <summary>The gradient of an element.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Gradient<V>(V g, V distance, V factor, V shift, V turn) where V : INumber<V>
        => V.Fma(g, factor, shift) - distance * turn;

    /// <summary>The same from −turn, rounded once less.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V FusedGradient<V>(V g, V distance, V factor, V shift, V negativeTurn) where V : INumber<V>
        => V.Fma(distance, negativeTurn, V.Fma(g, factor, shift));
}
