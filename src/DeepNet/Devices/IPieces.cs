using DeepNet.Ops;

namespace DeepNet.Devices;

/// <summary>A formula over pieces of dense operands, to be run on one piece after another formula and before the next.</summary>
internal unsafe interface IPieces
{
    /// <summary>Runs the formula on the elements at the given addresses.</summary>
    /// <param name="at">The address of each operand of the kernel, in its order; 0 for one that is left out.</param>
    /// <param name="isScalar">True for operands of one element, which counts for all.</param>
    /// <param name="n">The number of elements.</param>
    void Run(byte** at, bool* isScalar, nint n);
}

/// <summary>A device that can run formulas on pieces of its tensors, which lie in the processor's memory.</summary>
internal interface IPieceSource
{
    /// <summary>Gets the pieces of <see cref="Device.Map"/>, for operands (x, y); null where there are none of the element type.</summary>
    IPieces? MapPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>Gets those of <see cref="Device.MapBackward"/>, for (x, y, g, dx).</summary>
    IPieces? MapBackwardPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>Gets those of <see cref="Device.Zip"/>, for (a, b, y).</summary>
    IPieces? ZipPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IBinaryOp<TOp>;

    /// <summary>Gets those of <see cref="Device.ZipBackward"/>, for (a, b, y, g, da, db).</summary>
    IPieces? ZipBackwardPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IBinaryOp<TOp>;
}
