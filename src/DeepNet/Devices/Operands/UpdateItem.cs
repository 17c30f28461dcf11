using DeepNet.Optim;

namespace DeepNet.Devices;

/// <summary>
/// One tensor of an update pass: the rule as it is for this tensor, and what it works on. All dense, of one shape and type.
/// </summary>
/// <typeparam name="TRule">The rule's type.</typeparam>
public struct UpdateItem<TRule> where TRule : unmanaged, IUpdateRule<TRule>
{
    /// <summary>The rule.</summary>
    public TRule Rule;

    /// <summary>The parameter, changed in place, and its gradient.</summary>
    public Tensor Parameter, Gradient;

    /// <summary>The state of the rule, changed in place; null beyond <see cref="IUpdateRule{TSelf}.StateCount"/>.</summary>
    public Tensor? State0, State1, State2;
}
