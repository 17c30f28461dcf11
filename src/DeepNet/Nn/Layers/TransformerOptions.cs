namespace DeepNet.Nn;

/// <summary>Specifies the layers of a transformer.</summary>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="Heads">How many heads attend.</param>
/// <param name="FeedForward">The width inside the feed-forward part.</param>
public sealed record TransformerOptions(int Dimension, int Heads, int FeedForward = 2048)
{
    /// <summary>The probability of 0 after each part, while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The activation inside the feed-forward part.</summary>
    public Formula Activation { get; init; } = Formula.Of(new Ops.Relu());

    /// <summary>True to normalise before each part, false after it.</summary>
    public bool NormFirst { get; init; }

    /// <summary>True for (batch, steps, dimension), false for (steps, batch, dimension).</summary>
    public bool BatchFirst { get; init; }

    /// <summary>Gets the number that is added to variances.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>True for biases in all parts.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>The source of starting values and dropout.</summary>
    public Generator? Generator { get; init; }

    internal MultiHeadAttention MakeAttention() => new(Dimension, Heads, Dropout, Bias, BatchFirst, Generator);
    internal Linear MakeWide() => new(Dimension, FeedForward, Bias, Generator, new Activation(Activation));
    internal Linear MakeNarrow() => new(FeedForward, Dimension, Bias, Generator);
    internal LayerNorm MakeNorm() => new(Dimension, NormEpsilon, bias: Bias);
    internal Dropout MakeDropout() => new(Dropout, Generator);
}
