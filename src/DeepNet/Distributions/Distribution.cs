namespace DeepNet.Distributions;

/// <summary>
/// Represents a probability distribution over tensors: samples, log-densities, moments and divergences, all with gradients with respect to
/// the parameters where they exist.
/// </summary>
/// <remarks>
/// <para>A distribution has a batch shape, of independent distributions that differ in their parameters, and an event shape, of one sample
/// of one of them. Samples have the shape asked for, then the batch shape, then the event shape; log-densities are one number an
/// event.</para>
/// <para>Parameters are tensors or C# numbers; they are broadcast together and meet in one floating type, float32 for numbers alone. They
/// are checked when the distribution is made, and must not be changed in place after.</para>
/// </remarks>
/// <example><code>
/// var normal = new Normal(mean, scale);
/// var z = normal.RSample();                                          // with a gradient for mean and scale
/// var loss = Distribution.KlDivergence(normal, new Normal(0, 1)).Sum();
/// </code></example>
public abstract class Distribution
{
    /// <summary>Initializes the shapes of a distribution.</summary>
    /// <param name="batchShape">The shape of the parameters.</param>
    /// <param name="eventShape">The shape of one sample; by default that of a number.</param>
    protected Distribution(Shape batchShape, Shape? eventShape = null)
    {
        ArgumentNullException.ThrowIfNull(batchShape);
        BatchShape = batchShape;
        EventShape = eventShape ?? Shape.Scalar;
    }

    /// <summary>Gets the shape of the batch of distributions.</summary>
    public Shape BatchShape { get; }

    /// <summary>Gets the shape of one sample of one distribution.</summary>
    public Shape EventShape { get; }

    /// <summary>Gets the mean, of the batch and event shape.</summary>
    public abstract Tensor Mean { get; }

    /// <summary>Gets the variance of each element, of the batch and event shape.</summary>
    public abstract Tensor Variance { get; }

    /// <summary>Gets the standard deviation of each element.</summary>
    public Tensor Std => Variance.Sqrt();

    /// <summary>
    /// Gets a value that indicates whether samples have a gradient with respect to the parameters: <see cref="RSample"/>.
    /// </summary>
    public virtual bool HasRSample => false;

    /// <summary>Draws samples without a gradient.</summary>
    /// <param name="shape">The shape of samples to draw from each distribution of the batch; by default one.</param>
    /// <param name="generator">The source of the random numbers; by default <see cref="Generator.Default"/>.</param>
    public Tensor Sample(Shape? shape = null, Generator? generator = null)
    {
        using var off = Autograd.NoGrad();
        return Draw(Extended(shape), generator);
    }

    /// <summary>Draws reparametrised samples: functions of the parameters and of noise, with a gradient for the former.</summary>
    /// <inheritdoc cref="Sample" path="/param"/>
    /// <exception cref="NotSupportedException">The distribution has none: <see cref="HasRSample"/> is false.</exception>
    public Tensor RSample(Shape? shape = null, Generator? generator = null)
        => HasRSample ? Draw(Extended(shape), generator) : throw new NotSupportedException(
            $"[r_sample] {GetType().Name} has no reparametrised samples. Use Sample, and LogProb of the sample as a score for the "
            + "gradient.");

    /// <summary>Computes the logarithm of the density, or of the probability, of values; −∞ where there is none.</summary>
    /// <param name="value">Values that broadcast with the batch and event shape.</param>
    /// <returns>A number per event.</returns>
    public abstract Tensor LogProb(Tensor value);

    /// <summary>Computes the entropy in nats, of the batch shape.</summary>
    /// <exception cref="NotSupportedException">It has no closed form.</exception>
    public virtual Tensor Entropy() => throw NoClosedForm("entropy", "entropy");

    /// <summary>Computes the probability of numbers up to a value.</summary>
    /// <exception cref="NotSupportedException">It has no closed form.</exception>
    public virtual Tensor Cdf(Tensor value) => throw NoClosedForm("cdf", "distribution function");

    /// <summary>Computes the Kullback-Leibler divergence of one distribution from another, in nats, of their batch shape.</summary>
    /// <param name="p">The distribution that the expectation is over.</param>
    /// <param name="q">The distribution that it is compared with.</param>
    /// <exception cref="NotSupportedException">No closed form is known for the pair.</exception>
    public static Tensor KlDivergence(Distribution p, Distribution q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        return p.DivergenceFrom(q) ?? throw new NotSupportedException(
            $"[kl_divergence] no closed form is known for {p.GetType().Name} and {q.GetType().Name}. Estimate it from samples: the mean of "
            + "p.LogProb(x) - q.LogProb(x) over x = p.Sample([n]).");
    }

    /// <summary>Draws samples of a shape that ends with the batch and event shape; reparametrised ones if there are such.</summary>
    protected abstract Tensor Draw(Shape shape, Generator? generator);

    /// <summary>
    /// Computes the divergence of this distribution from another one where its closed form is known; else returns null, the default.
    /// </summary>
    protected internal virtual Tensor? DivergenceFrom(Distribution other) => null;

    private Shape Extended(Shape? shape) => new([.. shape ?? Shape.Scalar, .. BatchShape, .. EventShape]);

    private NotSupportedException NoClosedForm(string op, string what)
        => new($"[{op}] the {what} of {GetType().Name} has no closed form here. Estimate it from samples.");
}
