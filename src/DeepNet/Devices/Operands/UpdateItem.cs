namespace DeepNet.Optim;

/// <summary>
/// One tensor of an update pass: the rule as it is for this tensor, and what it works on. All dense, of one shape and type.
/// </summary>
internal struct UpdateItem<TRule> where TRule : unmanaged, IUpdateRule<TRule>
{
    public TRule Rule;
    public Tensor Parameter, Gradient;
    public Tensor? State0, State1, State2;
}
