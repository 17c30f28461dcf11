namespace DeepNet.Ops;

/// <summary>
/// An elementwise operator of one argument, written once as a formula. The struct's fields are the operator's parameters.
/// From the formula come the CPU loop, the GPU kernel, derivatives of every order, the gradient check and the test.
/// </summary>
/// <remarks>
/// Put <c>[MethodImpl(AggressiveInlining)]</c> on every method, and write constants in double precision.
/// Do not give an instance method a default body: calling one on a struct boxes it.
/// </remarks>
/// <typeparam name="TSelf">The operator itself.</typeparam>
public interface IUnaryOp<TSelf> where TSelf : unmanaged, IUnaryOp<TSelf>
{
    /// <summary>The name in error messages and traces.</summary>
    static virtual string Name => OpName.Of<TSelf>();

    /// <summary>True if the formula has a meaning on integer tensors and keeps their type; otherwise they become float32 first.</summary>
    static virtual bool OnIntegers => false;

    /// <summary>
    /// True if what the formula makes of halves is as well kept in that type: computed in float32 and rounded once, as activations and sums
    /// are. Otherwise the result of half types is float32, as where numbers grow (exp, powers) or cancel (losses).
    /// </summary>
    static virtual bool OnHalves => false;

    /// <summary>
    /// True for tests such as <see cref="IsNan"/>: the formula gives 0 or 1, the result is a bool tensor and has no gradient.
    /// </summary>
    static virtual bool IsPredicate => false;

    /// <summary>Operators with parameters name a few settings here; tests and gradient checks run each of them.</summary>
    static virtual ReadOnlySpan<TSelf> Samples => new TSelf[1];

    /// <summary>Gets the arguments that tests use: inside the domain and away from kinks.</summary>
    static virtual ReadOnlySpan<double> Points => [-2.7, -1.3, -0.6, -0.15, 0.35, 0.8, 1.7, 2.6];

    /// <summary>The formula.</summary>
    V Forward<V>(V x) where V : INumber<V>;

    /// <summary>
    /// The gradient of <paramref name="x"/> from the gradient <paramref name="g"/> of the result <paramref name="y"/>.
    /// The default differentiates <see cref="Forward"/>; write your own where a shorter formula exists.
    /// Autograd keeps exactly those of x and y alive which this formula reads.
    /// </summary>
    static virtual V Backward<V>(TSelf op, V x, V y, V g) where V : INumber<V>
        => op.Forward(new Dual<V>(x, g)).Derivative;
}
