using DeepNet.Ops;

namespace DeepNet.Distributions;

/// <summary>
/// Represents the beta distribution over [0, 1]. Its samples are reparametrised, as a/(a + b) with two gamma samples, whose gradients are
/// implicit; they are drawn on the processor.
/// </summary>
public sealed class Beta : Distribution
{
    /// <summary>Initializes a beta distribution from its concentrations at 1 and at 0, which are positive.</summary>
    public Beta(Tensor concentration1, Tensor concentration0) : this(Parameters.Meet("beta", concentration1, concentration0)) { }

    private Beta((Tensor One, Tensor Zero) given) : base(given.One.Shape)
    {
        (Concentration1, Concentration0) = given;
        Parameters.RequirePositive("beta", "concentration at 1", Concentration1);
        Parameters.RequirePositive("beta", "concentration at 0", Concentration0);
    }

    /// <summary>Gets the concentration at 1, or α.</summary>
    public Tensor Concentration1 { get; }

    /// <summary>Gets the concentration at 0, or β.</summary>
    public Tensor Concentration0 { get; }

    private Tensor Total => Concentration1 + Concentration0;

    /// <summary>ln B(α, β), what the density is divided by.</summary>
    private Tensor LogNorm => Concentration1.LogGamma() + Concentration0.LogGamma() - Total.LogGamma();

    /// <inheritdoc/>
    public override Tensor Mean => Concentration1 / Total;

    /// <inheritdoc/>
    public override Tensor Variance => Concentration1 * Concentration0 / (Total.Square() * (Total + 1));

    /// <inheritdoc/>
    public override bool HasRSample => true;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
    {
        var logs = GammaSample.Of(Tensor.Stack([Concentration1.Expand(shape), Concentration0.Expand(shape)]), isLog: true, generator);
        return (logs.Select(0, 0) - logs.Select(0, 1)).Sigmoid().To(Concentration1.DType).To(Concentration1.Device);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        value = Parameters.Value(value, Concentration1);
        return Parameters.Within(value, (value >= 0) & (value <= 1), 0.5,
            x => (Concentration1 - 1).XLogY(x) + (Concentration0 - 1).XLogY(1 - x) - LogNorm);
    }

    /// <inheritdoc/>
    public override Tensor Entropy()
        => LogNorm - (Concentration1 - 1) * Concentration1.Digamma() - (Concentration0 - 1) * Concentration0.Digamma()
            + (Total - 2) * Total.Digamma();

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value)
    {
        value = Parameters.Value(value, Concentration1);
        var isInside = (value > 0) & (value < 1);
        var inside = BetaMoment.Cdf(Concentration1, Concentration0, Tensor.Where(isInside, value, 0.5));
        return Tensor.Where(isInside, inside, (value >= 1).To(inside.DType));
    }

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
        => other is not Beta q ? null : q.LogNorm - LogNorm + (Concentration1 - q.Concentration1) * Concentration1.Digamma()
            + (Concentration0 - q.Concentration0) * Concentration0.Digamma() + (q.Total - Total) * Total.Digamma();
}
