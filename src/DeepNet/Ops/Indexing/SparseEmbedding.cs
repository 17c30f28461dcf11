namespace DeepNet.Ops;

/// <summary>
/// Rows of a table, of checked dense int64 indices, whose gradient is kept as rows where the table is a leaf. Where a graph is recorded,
/// a hook looks on or the gradient is returned to the caller, it is dense.
/// </summary>
internal sealed class SparseEmbedding(int? padding = null) : Operator, ISampled
{
    private Shape? table;

    public override string Name => "embedding";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (weight, index) = (inputs[0].Contiguous(), inputs[1]);
        Save(0, index);
        table = weight.Shape;
        var y = Tensor.Allocate(new Shape(index.Shape[0], table[1]), weight.DType, weight.Device);
        weight.Kernels.Gather(weight, IndexedAxis.Rows(table, 0, index), index, y);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        var index = Saved(0);
        if (padding is { } empty)
        {
            var learned = Indices.Positions(index.NotEqual(empty));
            (index, gradient) = (IndexSelect.OfChecked(index, 0, learned), IndexSelect.OfChecked(gradient, 0, learned));
        }
        if (!TryGiveRows(0, index, gradient)) Give(0, IndexSum.Of(gradient, table!, 0, index));
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("sparse", x => Tensor.Embedding(x[0], Tensor.From<int>([0, 2, 1, 2], new Shape(2, 2)), sparse: true), Sample.Values(3, 2)),
    ];
}
