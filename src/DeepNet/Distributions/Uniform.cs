namespace DeepNet.Distributions;

/// <summary>Represents the uniform distribution over [low, high). Its samples are reparametrised.</summary>
public sealed class Uniform : Distribution
{
    /// <summary>Initializes a uniform distribution from its ends, of which low is less than high.</summary>
    public Uniform(Tensor low, Tensor high) : this(Parameters.Meet("uniform", low, high)) { }

    private Uniform((Tensor Low, Tensor High) given) : base(given.Low.Shape)
    {
        (Low, High) = given;
        Parameters.RequirePositive("uniform", "width, high - low,", High.Detach() - Low.Detach());
    }

    /// <summary>Gets the lower end, which belongs to the interval.</summary>
    public Tensor Low { get; }

    /// <summary>Gets the upper end, which does not.</summary>
    public Tensor High { get; }

    /// <inheritdoc/>
    public override Tensor Mean => 0.5 * (Low + High);

    /// <inheritdoc/>
    public override Tensor Variance => (High - Low).Square() / 12;

    /// <inheritdoc/>
    public override bool HasRSample => true;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
        => Low + (High - Low) * Tensor.Rand(shape, Low.DType, Low.Device, generator);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        value = Parameters.Value(value, Low);
        return Tensor.Where((value >= Low) & (value < High), -(High - Low).Log(), double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public override Tensor Entropy() => (High - Low).Log();

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value) => ((Parameters.Value(value, Low) - Low) / (High - Low)).Clamp(0, 1);

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other) => other switch
    {
        Uniform q => Tensor.Where((q.Low <= Low) & (q.High >= High), ((q.High - q.Low) / (High - Low)).Log(), double.PositiveInfinity),
        // The mean of the squared distance is what the density of a normal distribution asks for.
        Normal q => 0.5 * ((Variance + (Mean - q.Mean).Square()) / q.Variance - 1) + q.Entropy() - Entropy(),
        _ => null,
    };
}
