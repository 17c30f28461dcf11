namespace DeepNet.Distributions;

/// <summary>Represents the normal distribution. Its samples are reparametrised.</summary>
public sealed class Normal : Distribution
{
    private const double HalfLogTwoPi = 0.91893853320467274;

    /// <summary>Initializes a normal distribution from its mean and standard deviation, which is positive.</summary>
    public Normal(Tensor mean, Tensor std) : this(Parameters.Meet("normal", mean, std)) { }

    private Normal((Tensor Mean, Tensor Std) given) : base(given.Mean.Shape)
    {
        (Mean, Scale) = given;
        Parameters.RequireFinite("normal", "mean", Mean);
        Parameters.RequirePositive("normal", "standard deviation", Scale);
    }

    /// <summary>Gets the standard deviation.</summary>
    public Tensor Scale { get; }

    /// <inheritdoc/>
    public override Tensor Mean { get; }

    /// <inheritdoc/>
    public override Tensor Variance => Scale.Square();

    /// <inheritdoc/>
    public override bool HasRSample => true;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
        => Mean + Scale * Tensor.Randn(shape, Scale.DType, Scale.Device, generator);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value) => -0.5 * Standard(value).Square() - Scale.Log() - HalfLogTwoPi;

    /// <inheritdoc/>
    public override Tensor Entropy() => Scale.Log() + (HalfLogTwoPi + 0.5);

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value) => 0.5 * (Standard(value) * -0.70710678118654752).Erfc();

    private Tensor Standard(Tensor value) => (Parameters.Value(value, Scale) - Mean) / Scale;

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
    {
        if (other is not Normal q) return null;
        var ratio = (Scale / q.Scale).Square();
        return 0.5 * (ratio + ((Mean - q.Mean) / q.Scale).Square() - 1 - ratio.Log());
    }
}
