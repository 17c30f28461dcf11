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
    /// <param name="sparse">
    /// True to keep the gradient as the rows that a batch used, so that neither it nor the step costs more for a larger table. SGD
    /// without momentum, AdaGrad and SparseAdam take such gradients, without weight decay. See <see cref="Tensor.Embedding"/> for what
    /// makes it dense again.
    /// </param>
    public Embedding(int count, int dimension, int? paddingIndex = null, Generator? generator = null, bool sparse = false)
    {
        Check.Positive("embedding", nameof(count), count);
        Check.Positive("embedding", nameof(dimension), dimension);
        if (paddingIndex is { } padding && (padding < -count || padding >= count))
            throw new ArgumentOutOfRangeException(
                nameof(paddingIndex), $"[embedding] the padding index {padding} is not in a table of {count}.");
        (Count, Dimension, PaddingIndex, Sparse) = (count, dimension, paddingIndex, sparse);
        weight = new Parameter(Init.Normal(Tensor.Empty(new Shape(count, dimension)), generator: generator));
        if (paddingIndex is { } empty)
            using (GradSwitch.Off()) Init.Zeros(weight.Value.Select(0, empty));
    }

    /// <summary>Gets the number of vectors.</summary>
    public int Count { get; }

    /// <summary>Their length.</summary>
    public int Dimension { get; }

    /// <summary>The vector that is not learned.</summary>
    public int? PaddingIndex { get; }

    /// <summary>Gets a value that is true if the gradient of the table is kept as rows.</summary>
    public bool Sparse { get; }

    /// <summary>The table, (count, dimension).</summary>
    public Parameter Weight => weight;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Tensor.Embedding(weight.Value, x, PaddingIndex, Sparse);

    /// <inheritdoc/>
    public override string Description => $"Embedding({Count}, {Dimension}{(Sparse ? ", sparse" : "")})";
}
