namespace DeepNet.Optim;

/// <summary>
/// A rule's numbers, in the number that it is run on. They are made once for a tensor, ahead of the loop: the JIT would turn
/// doubles into vectors anew for every vector of parameters.
/// </summary>
/// <typeparam name="V">The number.</typeparam>
public struct Coefficients<V> where V : INumber<V>
{
    /// <summary>The coefficients; the rule says what each stands for.</summary>
    public V C0, C1, C2, C3, C4, C5, C6, C7;

    /// <summary>Those of <see cref="Regularization"/>, for a rule inside <see cref="Regularized{TRule}"/>.</summary>
    internal V Scale, Limit, L2, L1, Keep, Threshold;
}
