using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// An optimizer around another one, whose groups, settings and state it shares: a schedule, clipping or a checkpoint of either is that of
/// both.
/// </summary>
public abstract class WrappedOptimizer : Optimizer
{
    /// <summary>Goes around an optimizer.</summary>
    private protected WrappedOptimizer(Optimizer inner) : base(inner) => Inner = inner;

    /// <summary>Gets the optimizer inside.</summary>
    public Optimizer Inner { get; }

    internal override IReadOnlyList<string> StateNames => Inner.StateNames;

    internal override IReadOnlyList<string> StatesOf(ParameterProgress progress) => Inner.StatesOf(progress);

    internal override Shape StateShape(ParameterProgress progress, int state) => Inner.StateShape(progress, state);

    internal override double MeanDecay(ParameterGroup group) => Inner.MeanDecay(group);

    internal override bool IsSearch => Inner.IsSearch;

    internal override bool BeginEvaluation() => Inner.BeginEvaluation();

    internal override void EndEvaluation() => Inner.EndEvaluation();

    internal override void Save(OptimizerState state) => Inner.Save(state);

    internal override Action? Load(StateReader reader) => Inner.Load(reader);
}
