namespace DeepNet.Data;

/// <summary>Examples that lie in two tensors, one for each place of their first axes.</summary>
public sealed class TensorDataset : IDataset, ILabeled
{
    private int[]? labels;

    /// <summary>A set of inputs with their targets.</summary>
    /// <param name="x">
    /// The inputs; the first axis counts the examples. Images may stay uint8, a quarter of the memory: a
    /// <see cref="Transforms.Rescale"/> of 0 to 255 makes fractions of them, a batch at a time.
    /// </param>
    /// <param name="y">The targets, as many; the inputs themselves if left out, as an autoencoder wants.</param>
    public TensorDataset(Tensor x, Tensor? y = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        y ??= x;
        if (x.Rank == 0 || y.Rank == 0)
            throw new ArgumentException($"[tensor_dataset] x {x.Shape} and y {y.Shape}: both need a first axis that counts the examples.");
        if (x.Shape[0] != y.Shape[0])
            throw new ArgumentException(
                $"[tensor_dataset] x {x.Shape} has {x.Shape[0]} examples and y {y.Shape} has {y.Shape[0]}. Is one of them transposed?");
        (X, Y) = (Memory.Keep(x.Detach()), Memory.Keep(y.Detach()));
    }

    /// <summary>All inputs.</summary>
    public Tensor X { get; }

    /// <summary>All targets.</summary>
    public Tensor Y { get; }

    /// <summary>Gets the names of the features, where they are known.</summary>
    public IReadOnlyList<string> FeatureNames { get; init; } = [];

    /// <summary>Gets the names of the classes, where they are known.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <inheritdoc/>
    public int Count => X.Shape[0];

    /// <inheritdoc/>
    public Sample this[int index]
    {
        get
        {
            Places.Check(this, index);
            return new Sample(X[index], Y[index]);
        }
    }

    /// <summary>The targets, if they are integers: one for each example.</summary>
    public IReadOnlyList<int> Labels => labels ??= Y.Rank == 1 && !Y.DType.IsFloating()
        ? Y.ToArray<int>()
        : throw new InvalidOperationException(
            $"[tensor_dataset] y is {Y.DType.Name()} {Y.Shape}, which are no class labels: those are integers, one for each example. Use "
                + "y.To(DType.Int64).Reshape(-1), or give the labels.");

    /// <inheritdoc/>
    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        var index = Tensor.From(indices, new Shape(indices.Length)).To(X.Device);
        var x = X.IndexSelect(0, index);
        return new Batch(x, ReferenceEquals(X, Y) ? x : Y.IndexSelect(0, index));
    }

    /// <inheritdoc/>
    public override string ToString() => $"TensorDataset(x {X.Shape}, y {Y.Shape})";
}
