using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// An optimizer that is an <see cref="IUpdateRule{TSelf}"/>, applied to every element of every parameter in one pass over
/// memory, with decay, penalties and clipping in the same pass. To write one of your own, write the rule and derive from this.
/// </summary>
public abstract class FusedOptimizer : Optimizer
{
    /// <inheritdoc/>
    protected FusedOptimizer(IEnumerable<ParameterGroup> groups, double learningRate, double momentum = 0)
        : base(groups, learningRate, momentum) { }

    /// <inheritdoc cref="Optimizer(IEnumerable{ParameterGroup}, OptimizerOptions)"/>
    private protected FusedOptimizer(IEnumerable<ParameterGroup> groups, OptimizerOptions options) : base(groups, options) { }

    /// <summary>Gets the updater, which applies the rule to parameters.</summary>
    protected abstract Updater Updater { get; }

    /// <summary>
    /// Returns a value that is true if a zero gradient may leave parameter and state as they are, so that of a table with a sparse
    /// gradient only the rows in it are updated. Else such a gradient is refused.
    /// </summary>
    /// <param name="group">The options.</param>
    protected virtual bool UpdatesRows(ParameterGroup group) => false;

    /// <summary>Returns what is done to gradients and parameters around the rule.</summary>
    private protected virtual Regularization Around(ParameterGroup group, double scale) => group.Regularization(scale);

    internal override IReadOnlyList<string> StateNames => Updater.StateNames;

    /// <inheritdoc/>
    public override void Step()
    {
        if (Listener.IsOn && Recording.TakesOver(Name, Step)) return;
        for (int g = 0; g < Groups.Count; g++)
        {
            foreach (var progress in Groups[g].Progress)
                if (progress.Parameter.PeekRows() is not null) RequireRows(Groups[g], progress.Parameter);
        }
        double scale = ClipScale(out var scaleToCome, mayStay: true);
        var updater = Updater;
        try
        {
            for (int g = 0; g < Groups.Count; g++)
            {
                var group = Groups[g];
                var regularization = Around(group, scale);
                foreach (var progress in group.Progress)
                {
                    if (progress.Parameter.PeekValues() is not { } gradient) continue;
                    progress.Step++;
                    if (progress.IsElsewhere) continue;
                    updater.Add(group, progress, gradient, progress.Parameter.PeekRows()?.Indices, regularization);
                }
            }
            updater.Run(scaleToCome);
        }
        finally
        {
            updater.Clear();
        }
    }

    private void RequireRows(ParameterGroup group, Parameter parameter)
    {
        if (!UpdatesRows(group)) throw NoRows(parameter, "what is remembered moves every row in every step");
        if (group.Regularization(1) is { L2: 0, L1: 0, Keep: 1, Threshold: 0 }) return;
        throw new InvalidOperationException(
            $"[{Name}] {parameter} has a sparse gradient, and weight decay and the L1 penalty would move every row of it. "
            + "Put it into a ParameterGroup of its own with WeightDecay = 0 and L1 = 0.");
    }
}
