namespace DeepNet.Distributions;

/// <summary>
/// Represents the gamma distribution. Its samples are reparametrised, implicitly: as the concentration changes, a sample moves so that the
/// part of the distribution below it stays the same. They are drawn on the processor.
/// </summary>
public sealed class Gamma : Distribution
{
    /// <summary>Initializes a gamma distribution from its concentration and rate, which are positive.</summary>
    public Gamma(Tensor concentration, Tensor rate) : this(Parameters.Meet("gamma", concentration, rate)) { }

    private Gamma((Tensor Concentration, Tensor Rate) given) : base(given.Rate.Shape)
    {
        (Concentration, Rate) = given;
        Parameters.RequirePositive("gamma", "concentration", Concentration);
        Parameters.RequirePositive("gamma", "rate", Rate);
    }

    /// <summary>Gets the concentration, or shape.</summary>
    public Tensor Concentration { get; }

    /// <summary>Gets the rate, the inverse of the scale.</summary>
    public Tensor Rate { get; }

    /// <inheritdoc/>
    public override Tensor Mean => Concentration / Rate;

    /// <inheritdoc/>
    public override Tensor Variance => Concentration / Rate.Square();

    /// <inheritdoc/>
    public override bool HasRSample => true;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
    {
        var sample = GammaSample.Of(Concentration.Expand(shape), isLog: false, generator) / GammaMoment.Host(Rate);
        // What is smaller than any number of the type would have no logarithm.
        double least = Rate.DType == DType.Float64 ? 2.2250738585072014e-308 : 1.17549435e-38;
        return sample.Clamp(min: least).To(Rate.DType).To(Rate.Device);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        value = Parameters.Value(value, Rate);
        return Parameters.Within(value, value >= 0, 1,
            x => (Concentration - 1).XLogY(x) - Rate * x + (Concentration * Rate.Log() - Concentration.LogGamma()));
    }

    /// <inheritdoc/>
    public override Tensor Entropy()
        => Concentration - Rate.Log() + Concentration.LogGamma() + (1 - Concentration) * Concentration.Digamma();

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value)
    {
        value = Parameters.Value(value, Rate) * Rate;
        var isInside = value > 0;
        return Tensor.Where(isInside, GammaMoment.LowerTail(Concentration, Tensor.Where(isInside, value, 1.0)), 0.0);
    }

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
    {
        if (other is not Gamma q) return null;
        Tensor a = Concentration, b = q.Concentration;
        return (a - b) * a.Digamma() - a.LogGamma() + b.LogGamma() + b * (Rate.Log() - q.Rate.Log()) + a * (q.Rate / Rate - 1);
    }
}
