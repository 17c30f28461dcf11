using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="SparseAdam"/>.</summary>
public sealed record SparseAdamOptions : MomentOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public SparseAdamOptions() : base(1e-3) { }
}

/// <summary>
/// Adam for tables with sparse gradients, as PyTorch's: only the rows in the gradient move, and only their running means. A row that a
/// batch did not use keeps both as they are, where <see cref="Adam"/> would decay its means and go on moving it. The bias corrections
/// count all steps of the table.
/// </summary>
/// <remarks>
/// Dense parameters can be among the parameters: of these, and of a table whose gradient has become dense, all elements move. ε is added
/// to the root before its bias is undone, so that steps are PyTorch's; that of <see cref="Adam"/> is added after.
/// </remarks>
public sealed class SparseAdam : FusedOptimizer
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public SparseAdam(IEnumerable<Parameter> parameters, double learningRate = 1e-3)
        : this(parameters, new SparseAdamOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public SparseAdam(IEnumerable<Parameter> parameters, SparseAdamOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public SparseAdam(IEnumerable<ParameterGroup> groups, SparseAdamOptions options) : base(groups, options)
    {
        var (beta2, epsilon) = options.OfSquares;
        Updater = Updater.By(
            (group, progress) => new AdamRule(group, progress, beta2, epsilon / Math.Sqrt(1 - Math.Pow(beta2, progress.Step))),
            ["exp_avg", "exp_avg_sq"]);
    }

    /// <inheritdoc/>
    public override string Name => "sparse_adam";

    /// <inheritdoc/>
    protected override Updater Updater { get; }

    /// <inheritdoc/>
    protected override bool UpdatesRows(ParameterGroup group) => true;
}
