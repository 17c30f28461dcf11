namespace DeepNet.Distributions;

/// <summary>Represents the distribution of 1 with a probability and 0 otherwise.</summary>
public sealed class Bernoulli : Distribution
{
    private readonly Tensor given;
    private readonly bool isLogits;

    /// <summary>Initializes a Bernoulli distribution from probabilities of 1, or from their logits ln(p/(1 − p)).</summary>
    public Bernoulli(Tensor? probs = null, Tensor? logits = null) : this(Parameters.Either("bernoulli", probs, logits)) { }

    private Bernoulli((Tensor Given, bool IsLogits) either) : base(either.Given.Shape)
    {
        (given, isLogits) = either;
        if (isLogits) Parameters.RequireFinite("bernoulli", "logits", given);
        else Parameters.Require("bernoulli", "probabilities", given, p => (p >= 0) & (p <= 1), "from 0 to 1");
    }

    /// <summary>Gets the probability of 1.</summary>
    public Tensor Probs => isLogits ? given.Sigmoid() : given;

    /// <summary>Gets the logit of the probability of 1.</summary>
    public Tensor Logits => isLogits ? given : given.Log() - (-given).Log1p();

    /// <inheritdoc/>
    public override Tensor Mean => Probs;

    /// <inheritdoc/>
    public override Tensor Variance => Probs * (1 - Probs);

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
        => (Tensor.Rand(shape, given.DType, given.Device, generator) < Probs).To(given.DType);

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        value = Parameters.Value(value, given);
        return Parameters.Within(value, value.Equal(0) | value.Equal(1), 0, Expected);
    }

    /// <summary>x·ln p + (1 − x)·ln(1 − p), where 0·ln 0 is 0.</summary>
    private Tensor Expected(Tensor x)
        => isLogits ? x * given - given.Softplus() : x.XLogY(given) + (1 - x).XLogY(1 - given);

    /// <inheritdoc/>
    public override Tensor Entropy() => -Expected(Probs);

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value)
    {
        value = Parameters.Value(value, given);
        return Tensor.Where(value < 0, 0.0, Tensor.Where(value < 1, 1 - Probs, 1.0));
    }

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
        => other is Bernoulli q ? Expected(Probs) - q.Expected(Probs) : null;
}
