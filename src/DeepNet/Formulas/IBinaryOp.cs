namespace DeepNet.Ops;

/// <summary>An elementwise operator of two arguments, written once as a formula; broadcasting comes with it.</summary>
/// <typeparam name="TSelf">The operator itself.</typeparam>
/// <seealso cref="IUnaryOp{TSelf}"/>
public interface IBinaryOp<TSelf> where TSelf : unmanaged, IBinaryOp<TSelf>
{
    /// <summary>The name in error messages and traces.</summary>
    static virtual string Name => OpName.Of<TSelf>();

    /// <summary>True if the formula has a meaning on integer tensors and keeps their type; otherwise they become float32 first.</summary>
    static virtual bool OnIntegers => false;

    /// <summary>
    /// True if what the formula makes of two tensors of one half type is as well kept in that type: computed in float32 and rounded once,
    /// as activations and sums are. Otherwise the result of half types is float32, as where numbers grow (exp, powers) or cancel (losses).
    /// </summary>
    static virtual bool OnHalves => false;

    /// <summary>True for comparisons: the formula gives 0 or 1, the result is a bool tensor and has no gradient.</summary>
    static virtual bool IsPredicate => false;

    /// <summary>Operators with parameters name a few settings here; tests and gradient checks run each of them.</summary>
    static virtual ReadOnlySpan<TSelf> Samples => new TSelf[1];

    /// <summary>Gets the pairs of arguments that tests use: inside the domain and away from kinks.</summary>
    static virtual ReadOnlySpan<(double A, double B)> Points =>
        new[] { (-2.7, 0.4), (-1.3, -2.2), (-0.6, 1.9), (0.35, -0.8), (0.8, 2.3), (1.7, 0.6), (2.6, -1.4) };

    /// <summary>The formula.</summary>
    V Forward<V>(V a, V b) where V : INumber<V>;

    /// <summary>The gradients of both arguments; the default differentiates <see cref="Forward"/> once for each.</summary>
    static virtual (V A, V B) Backward<V>(TSelf op, V a, V b, V y, V g) where V : INumber<V>
    {
        V zero = V.Constant(0);
        return (op.Forward(new Dual<V>(a, g), new Dual<V>(b, zero)).Derivative,
                op.Forward(new Dual<V>(a, zero), new Dual<V>(b, g)).Derivative);
    }
}
