namespace DeepNet.Distributions;

/// <summary>Represents the distribution over the integers from 0 to below a count, each with a probability.</summary>
public sealed class Categorical : Distribution
{
    /// <summary>
    /// Initializes a categorical distribution from weights in proportion to the probabilities, or from logits, which are their logarithms
    /// up to a constant. The categories are the last axis.
    /// </summary>
    public Categorical(Tensor? probs = null, Tensor? logits = null) : this(Parameters.Either("categorical", probs, logits)) { }

    private Categorical((Tensor Given, bool IsLogits) either) : base(BatchOf(either.Given))
    {
        var (given, isLogits) = either;
        if (isLogits)
        {
            Parameters.Require("categorical", "logits", given, x => x < double.PositiveInfinity, "less than infinity");
            (Logits, Probs) = (given.LogSoftmax(-1), given.Softmax(-1));
            return;
        }
        Parameters.Require("categorical", "weights", given, p => (p >= 0) & p.IsFinite(), "finite and not negative");
        Parameters.RequirePositive("categorical", "sum of the weights", given.Detach().Sum(-1));
        Probs = given / given.Sum(-1, keepDim: true);
        Logits = Probs.Log();
    }

    private static Shape BatchOf(Tensor given)
        => given.Rank > 0 && given.Shape[^1] > 0 ? new(given.Shape.Axes[..^1]) : throw new ArgumentException(
            $"[categorical] parameters of shape {given.Shape}: the last axis holds the categories, at least 1.");

    /// <summary>Gets the probabilities; the last axis holds the categories.</summary>
    public Tensor Probs { get; }

    /// <summary>Gets the logarithms of the probabilities.</summary>
    public Tensor Logits { get; }

    private int Count => Probs.Shape[^1];

    /// <summary>Gets NaN: categories are names and have no mean.</summary>
    public override Tensor Mean => Tensor.Full(BatchShape, double.NaN, Probs.DType, Probs.Device);

    /// <summary>Gets NaN, as <see cref="Mean"/>.</summary>
    public override Tensor Variance => Mean;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
    {
        int rows = checked((int)BatchShape.Count), each = rows == 0 ? 0 : checked((int)(shape.Count / rows));
        return Probs.Reshape(rows, Count).Multinomial(each, replacement: true, generator).T.Contiguous().Reshape(shape.Axes);
    }

    /// <summary>Computes the logarithm of the probability of categories, given as integers.</summary>
    public override Tensor LogProb(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var shape = Axis.Broadcast("categorical", value.Shape, BatchShape);
        return Logits.Expand([.. shape, Count]).Gather(-1, value.Expand(shape).Unsqueeze(-1)).Squeeze(-1);
    }

    /// <inheritdoc/>
    public override Tensor Entropy() => Probs.Entropy(-1);

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
    {
        if (other is not Categorical q) return null;
        if (Count != q.Count)
            throw new ArgumentException($"[kl_divergence] categorical distributions of {Count} and of {q.Count} categories.");
        // Where there is no probability, no logarithm counts.
        var none = Probs.Detach().Equal(0);
        return (Probs * Tensor.Where(none, 0.0, Logits - q.Logits)).Sum(-1);
    }
}
