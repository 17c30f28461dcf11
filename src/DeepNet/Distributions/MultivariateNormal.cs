namespace DeepNet.Distributions;

/// <summary>Represents the normal distribution of vectors. Its samples are reparametrised.</summary>
public sealed class MultivariateNormal : Distribution
{
    private const double LogTwoPi = 1.8378770664093455;

    /// <summary>
    /// Initializes a multivariate normal distribution from its mean, a vector, and the lower triangular factor L of its covariance matrix
    /// L·Lᵀ, with a positive diagonal. What stands above the diagonal is not read.
    /// </summary>
    public MultivariateNormal(Tensor mean, Tensor scaleTril) : this(Meet(mean, scaleTril)) { }

    /// <summary>Makes the distribution from its mean and its covariance matrix, which is positive definite.</summary>
    public static MultivariateNormal FromCovariance(Tensor mean, Tensor covariance) => new(mean, Linalg.Cholesky(covariance));

    private MultivariateNormal((Tensor Mean, Tensor ScaleTril) given)
        : base(new Shape(given.Mean.Shape.Axes[..^1]), new Shape(given.Mean.Shape[^1]))
    {
        (Mean, ScaleTril) = given;
        Parameters.RequireFinite("multivariate_normal", "mean", Mean);
        Parameters.RequireFinite("multivariate_normal", "factor", ScaleTril);
        Parameters.RequirePositive("multivariate_normal", "diagonal of the factor", Diagonal.Detach());
    }

    private static (Tensor, Tensor) Meet(Tensor mean, Tensor scaleTril)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(scaleTril);
        if (mean.Rank < 1 || scaleTril.Rank < 2 || scaleTril.Shape[^1] != scaleTril.Shape[^2] || mean.Shape[^1] != scaleTril.Shape[^1])
            throw new ArgumentException(
                $"[multivariate_normal] a mean of shape {mean.Shape} and a factor of shape {scaleTril.Shape}: they must be (..., n) and "
                + "(..., n, n).");
        var (wide, tril) = Parameters.Meet("multivariate_normal", mean.Unsqueeze(-1), scaleTril);
        return (wide.Select(-1, 0), tril.Tril());
    }

    /// <summary>Gets the lower triangular factor of the covariance matrix.</summary>
    public Tensor ScaleTril { get; }

    /// <summary>Gets the covariance matrix.</summary>
    public Tensor Covariance => ScaleTril.MatMul(ScaleTril.SwapAxes(-1, -2));

    /// <inheritdoc/>
    public override Tensor Mean { get; }

    /// <inheritdoc/>
    public override Tensor Variance => ScaleTril.Square().Sum(-1);

    /// <inheritdoc/>
    public override bool HasRSample => true;

    private Tensor Diagonal => ScaleTril.Diagonal(0, -2, -1);

    private Tensor HalfLogDet => Diagonal.Log().Sum(-1);

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
        => Mean + Times(ScaleTril, Tensor.Randn(shape, Mean.DType, Mean.Device, generator));

    private static Tensor Times(Tensor matrix, Tensor vector) => matrix.MatMul(vector.Unsqueeze(-1)).Squeeze(-1);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
        => -0.5 * (Distance(Parameters.Value(value, Mean) - Mean) + EventShape[0] * LogTwoPi) - HalfLogDet;

    /// <summary>The squared length of vectors in units of the distribution.</summary>
    private Tensor Distance(Tensor vector) => Linalg.SolveTriangular(ScaleTril, vector.Unsqueeze(-1)).Square().Sum([-2, -1]);

    /// <inheritdoc/>
    public override Tensor Entropy() => HalfLogDet + 0.5 * EventShape[0] * (1 + LogTwoPi);

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
    {
        if (other is not MultivariateNormal q) return null;
        var trace = Linalg.SolveTriangular(q.ScaleTril, ScaleTril).Square().Sum([-2, -1]);
        return 0.5 * (trace + q.Distance(Mean - q.Mean) - EventShape[0]) + q.HalfLogDet - HalfLogDet;
    }
}
