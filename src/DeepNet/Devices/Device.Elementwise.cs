namespace DeepNet;

public abstract partial class Device
{
    /// <summary>y = op(x), elementwise; y is bool for predicates. Same shape; x of any layout, y dense.</summary>
    protected internal abstract void Map<TOp>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>dx = Backward(x, y, g), elementwise. All dense; x or y is g itself if the formula does not read it; dx may be g.</summary>
    protected internal abstract void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>y = op(a, b) with broadcasting; y is bool for predicates. Any layout of a and b, y dense.</summary>
    protected internal abstract void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>;

    /// <summary>
    /// Both gradients of op(a, b), elementwise, before any summing over broadcast axes: all dense and of one shape. An operand
    /// that the formula does not read is g itself; an unwanted gradient is null; a gradient may be g.
    /// </summary>
    /// <param name="op">The formula.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="y">The result.</param>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="da">The gradient of a.</param>
    /// <param name="db">The gradient of b.</param>
    /// <param name="isRow">True if b is one row, repeated for all rows of a: db is its summed gradient, of the row's shape, in the same
    /// pass.</param>
    protected internal abstract void ZipBackward<TOp>(
        TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, bool isRow = false)
        where TOp : unmanaged, IBinaryOp<TOp>;

    /// <summary>y = condition ? a : b; all of one shape and any layout, y dense.</summary>
    protected internal abstract void Select(Tensor condition, Tensor a, Tensor b, Tensor y);

    /// <summary>Copies between any layouts and element types of one shape, converting.</summary>
    protected internal abstract void Copy(Tensor from, Tensor to);

    /// <summary>Sets every element of a tensor of any layout.</summary>
    protected internal abstract void Fill(Tensor tensor, Scalar value);
}
