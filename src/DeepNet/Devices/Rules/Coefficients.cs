namespace DeepNet.Optim;

/// <summary>Represents a rule's numbers for one tensor in one step; the rule says what each stands for.</summary>
/// <param name="C0">The first number.</param>
/// <param name="C1">The second.</param>
/// <param name="C2">The third.</param>
/// <param name="C3">The fourth.</param>
/// <param name="C4">The fifth.</param>
/// <param name="C5">The sixth.</param>
/// <param name="C6">The seventh.</param>
/// <param name="C7">The eighth.</param>
public readonly record struct Coefficients(
    double C0, double C1 = 0, double C2 = 0, double C3 = 0, double C4 = 0, double C5 = 0, double C6 = 0, double C7 = 0)
{
    /// <summary>Gets what is done around the rule inside <see cref="Regularized{TRule}"/>.</summary>
    internal Regularization Around { get; init; }

    /// <summary>
    /// Converts the numbers, once for a tensor and ahead of the loop: the JIT would turn doubles into vectors anew for every vector of
    /// parameters.
    /// </summary>
    /// <typeparam name="V">The number that the rule is run on.</typeparam>
    [MethodImpl(AggressiveInlining)]
    public Coefficients<V> As<V>() where V : INumber<V> => new()
    {
        C0 = V.Constant(C0),
        C1 = V.Constant(C1),
        C2 = V.Constant(C2),
        C3 = V.Constant(C3),
        C4 = V.Constant(C4),
        C5 = V.Constant(C5),
        C6 = V.Constant(C6),
        C7 = V.Constant(C7),
        Scale = V.Constant(Around.Scale),
        Limit = V.Constant(Around.Limit),
        L2 = V.Constant(Around.L2),
        L1 = V.Constant(Around.L1),
        Keep = V.Constant(Around.Keep),
        Threshold = V.Constant(Around.Threshold),
    };
}

/// <summary>Represents a rule's numbers in the number that it is run on.</summary>
/// <typeparam name="V">The number.</typeparam>
public struct Coefficients<V> where V : INumber<V>
{
    /// <summary>The coefficients; the rule says what each stands for.</summary>
    public V C0, C1, C2, C3, C4, C5, C6, C7;

    /// <summary>Those of <see cref="Regularization"/>, for a rule inside <see cref="Regularized{TRule}"/>.</summary>
    internal V Scale, Limit, L2, L1, Keep, Threshold;
}
