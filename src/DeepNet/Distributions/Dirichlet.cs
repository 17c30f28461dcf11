namespace DeepNet.Distributions;

/// <summary>
/// Represents the Dirichlet distribution over positive numbers that sum to 1 along the last axis. Its samples are reparametrised, as gamma
/// samples divided by their sum, whose gradients are implicit; they are drawn on the processor.
/// </summary>
public sealed class Dirichlet : Distribution
{
    /// <summary>Initializes a Dirichlet distribution from its concentrations along the last axis, which are positive.</summary>
    public Dirichlet(Tensor concentration) : base(BatchOf(concentration), new Shape(concentration.Shape[^1]))
    {
        Concentration = Parameters.Of("dirichlet", concentration);
        Parameters.RequirePositive("dirichlet", "concentration", Concentration);
    }

    private static Shape BatchOf(Tensor concentration)
    {
        ArgumentNullException.ThrowIfNull(concentration);
        return concentration.Rank > 0 ? new(concentration.Shape.Axes[..^1])
            : throw new ArgumentException($"[dirichlet] a concentration of shape {concentration.Shape}: an event needs an axis.");
    }

    /// <summary>Gets the concentrations.</summary>
    public Tensor Concentration { get; }

    private Tensor Total => Concentration.Sum(-1);

    private Tensor LogNorm => Concentration.LogGamma().Sum(-1) - Total.LogGamma();

    /// <inheritdoc/>
    public override Tensor Mean => Concentration / Concentration.Sum(-1, keepDim: true);

    /// <inheritdoc/>
    public override Tensor Variance => Mean * (1 - Mean) / (Concentration.Sum(-1, keepDim: true) + 1);

    /// <inheritdoc/>
    public override bool HasRSample => true;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
        => GammaSample.Of(Concentration.Expand(shape), isLog: true, generator).Softmax(-1).To(Concentration.DType).To(Concentration.Device);

    /// <summary>Computes the logarithm of the density of values that sum to 1 along the last axis, which is not checked.</summary>
    public override Tensor LogProb(Tensor value)
    {
        value = Parameters.Value(value, Concentration);
        return Parameters.Within(value, value >= 0, 0.5, x => (Concentration - 1).XLogY(x)).Sum(-1) - LogNorm;
    }

    /// <inheritdoc/>
    public override Tensor Entropy()
        => LogNorm + (Total - EventShape[0]) * Total.Digamma() - ((Concentration - 1) * Concentration.Digamma()).Sum(-1);

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
        => other is not Dirichlet q ? null : q.LogNorm - LogNorm
            + ((Concentration - q.Concentration) * (Concentration.Digamma() - Total.Digamma().Unsqueeze(-1))).Sum(-1);
}
