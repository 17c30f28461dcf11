using DeepNet.Nn;

namespace DeepNet.Optim;

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
    /// <summary>Makes the optimizer.</summary>
    /// <param name="groups">The parameters, in groups.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="beta1">The part of the mean of gradients that is kept from step to step.</param>
    /// <param name="beta2">The part of the mean of squares that is kept.</param>
    /// <param name="epsilon">Added to the root, so that no step is divided by zero.</param>
    public SparseAdam(IEnumerable<ParameterGroup> groups, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(groups, lr, beta1)
    {
        Check.Share(nameof(beta2), beta2);
        Check.NotNegative(nameof(epsilon), epsilon);
        Updater = Updater.By(
            (group, progress) => new AdamRule(group, progress, beta2, epsilon / Math.Sqrt(1 - Math.Pow(beta2, progress.Step))),
            ["exp_avg", "exp_avg_sq"]);
    }

    /// <inheritdoc cref="SparseAdam(IEnumerable{ParameterGroup}, double, double, double, double)"/>
    public SparseAdam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : this(One(parameters), lr, beta1, beta2, epsilon) { }

    /// <inheritdoc/>
    public override string Name => "sparse_adam";

    /// <inheritdoc/>
    protected override Updater Updater { get; }

    /// <inheritdoc/>
    protected override bool UpdatesRows(ParameterGroup group) => true;
}
