namespace DeepNet.Ops;

/// <summary>Rows of an axis in the order of an index, of checked dense int64 numbers. Its adjoint is <see cref="IndexSum"/>.</summary>
internal sealed class IndexSelect(int axis) : Operator, ISampled
{
    private Shape? from;

    public static Tensor Of(Tensor x, int axis, Tensor index)
    {
        const string op = "index_select";
        axis = Axis.Normalize(op, axis, x.Shape);
        if (index.Rank != 1) throw new ArgumentException(
            $"[{op}] an index of shape {index.Shape}: it must have one axis. Use x[index] or Gather for others.");
        return OfChecked(x, axis, Indices.Of(op, index, x.Shape, axis, x.Device));
    }

    public static Tensor OfChecked(Tensor x, int axis, Tensor index) => new IndexSelect(axis).Apply(x, index);

    /// <summary>Gets the axis.</summary>
    public int Along => axis;

    public override string Name => "index_select";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var (x, index) = (inputs[0].Contiguous(), inputs[1]);
        Save(0, index);
        from = x.Shape;
        var y = Tensor.Allocate(new Shape([.. from.Axes[..axis], (int)index.Count, .. from.Axes[(axis + 1)..]]), x.DType, x.Device);
        x.Kernels.Gather(x, IndexedAxis.Rows(from, axis, index), index, y);
        return y;
    }

    protected override void Vjp(Tensor gradient)
    {
        var index = Saved(0);
        // The gradient of an embedding is mostly zeros: it is written where it stays, not made and added.
        if (!IsRecording && TakeBuffer(0) is { } buffer)
        {
            if (buffer.IsContiguous && buffer.DType == gradient.DType && !gradient.DType.IsHalf())
                IndexSum.Into(buffer, gradient, axis, index);
            else buffer.Kernels.Copy(IndexSum.Of(gradient, from!, axis, index), buffer);
        }
        else
        {
            Give(0, IndexSum.Of(gradient, from!, axis, index));
        }
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows, some twice", x => x[0].IndexSelect(0, Tensor.From(2, 0, 2, -1)), Sample.Values(4, 3)),
        new("columns", x => x[0].IndexSelect(-1, Tensor.From(1L, 1L)), Sample.Values(2, 3)),
        new("middle axis of a transpose", x => x[0].T.IndexSelect(1, Tensor.From(3, 1)), Sample.Values(2, 3, 4)),
        new("nothing", x => x[0].IndexSelect(0, Tensor.From<int>()), Sample.Values(2, 3)),
        new("embedding", x => Tensor.Embedding(x[0], Tensor.From<int>([0, 2, 1, 2], new Shape(2, 2))), Sample.Values(3, 2)),
    ];
}
