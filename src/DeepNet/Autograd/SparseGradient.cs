namespace DeepNet;

/// <summary>
/// The gradient of a table in which most rows are zero: the other rows and their indices. <see cref="Tensor.Embedding"/> makes it when
/// asked to, and <see cref="Tensor.SparseGrad"/> holds it.
/// </summary>
public sealed partial class SparseGradient
{
    private SparseGradient(Shape shape, Tensor indices, Tensor values) => (Shape, Indices, Values) = (shape, indices, values);

    /// <summary>Gets the shape of the table, and of <see cref="ToDense"/>.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the indices of the rows: int64, in rising order, none twice.</summary>
    public Tensor Indices { get; }

    /// <summary>Gets the rows, one for each index. A change in place changes the gradient.</summary>
    public Tensor Values { get; }

    /// <summary>Returns the gradient as a new dense tensor.</summary>
    public Tensor ToDense()
    {
        var dense = Tensor.Full(Shape, 0, Values.DType, Values.Device);
        AddTo(dense);
        return dense;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Indices.Count} rows of {Values.DType.Name()} {Shape}";

    /// <summary>Returns the sum of both.</summary>
    internal SparseGradient Plus(SparseGradient other)
        => Sum(Shape, Tensor.Cat([Indices, other.Indices]), Tensor.Cat([Values, other.Values]));

    /// <summary>Returns the same rows in memory of their own.</summary>
    internal SparseGradient Copy() => new(Shape, Indices, Values.CopyDense());

    /// <summary>Adds the rows to a dense tensor in place.</summary>
    internal void AddTo(Tensor dense)
    {
        dense.Kernels.Scatter(dense, IndexedAxis.Rows(Shape, 0, Indices), Indices, Values.Contiguous(), accumulate: true);
        dense.MarkChanged();
    }
}
