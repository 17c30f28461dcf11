using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="SparseAdam"/>.</summary>
public sealed record SparseAdamOptions : OptimizerOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public SparseAdamOptions() : base(1e-3) { }

    /// <summary>Gets the part of the mean of gradients that is kept from step to step.</summary>
    public double Beta1 { get; init; } = 0.9;

    internal override double GroupMomentum => Beta1;

    /// <summary>Gets the part of the mean of squares that is kept from step to step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets the number added to the root, so that no step is divided by zero.</summary>
    public double Epsilon { get; init; } = 1e-8;
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
        double beta2 = Check.Fraction(nameof(options.Beta2), options.Beta2);
        double epsilon = Check.NotNegative(nameof(options.Epsilon), options.Epsilon);
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
