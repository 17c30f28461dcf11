namespace DeepNet.Nn;

/// <summary>A table of learned vectors, one for each integer below its length.</summary>
public sealed class Embedding : Layer
{
    private readonly Parameter weight;

    /// <summary>Makes the layer; the vectors begin as normal numbers.</summary>
    /// <param name="count">How many vectors there are.</param>
    /// <param name="dimension">Their length.</param>
    /// <param name="paddingIndex">One that begins as zeros and is not learned.</param>
    /// <param name="generator">The source of the starting values.</param>
    public Embedding(int count, int dimension, int? paddingIndex = null, Generator? generator = null)
    {
        Check.Positive("embedding", nameof(count), count);
        Check.Positive("embedding", nameof(dimension), dimension);
        if (paddingIndex is { } padding && (padding < -count || padding >= count))
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), $"[embedding] the padding index {padding} is not in a table of {count}.");
        (Count, Dimension, PaddingIndex) = (count, dimension, paddingIndex);
        weight = new Parameter(Init.Normal(Tensor.Empty(new Shape(count, dimension)), generator: generator));
        if (paddingIndex is { } empty)
            using (GradSwitch.Off()) Init.Zeros(weight.Value.Select(0, empty));
    }

    /// <summary>How many vectors there are.</summary>
    public int Count { get; }

    /// <summary>Their length.</summary>
    public int Dimension { get; }

    /// <summary>The vector that is not learned.</summary>
    public int? PaddingIndex { get; }

    /// <summary>The table, (count, dimension).</summary>
    public Parameter Weight => weight;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Tensor.Embedding(weight.Value, x, PaddingIndex);

    /// <inheritdoc/>
    public override string ToString() => $"Embedding({Count}, {Dimension})";
}
