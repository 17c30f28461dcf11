namespace DeepNet.Devices;

/// <summary>A device that runs formulas in pieces of their operands, one formula after the other on each piece.</summary>
internal interface IPieceSource
{
    /// <summary>Gets the code of <see cref="Device.Map"/> on operands (x, y); null where there is none for the element type.</summary>
    PieceCode? MapPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>Gets that of <see cref="Device.MapBackward"/>, on (x, y, g, dx).</summary>
    PieceCode? MapBackwardPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IUnaryOp<TOp>;

    /// <summary>Gets that of <see cref="Device.Zip"/>, on (a, b, y).</summary>
    PieceCode? ZipPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IBinaryOp<TOp>;

    /// <summary>Gets that of <see cref="Device.ZipBackward"/>, on (a, b, y, g, da, db).</summary>
    PieceCode? ZipBackwardPieces<TOp>(TOp op, DType dtype) where TOp : unmanaged, IBinaryOp<TOp>;

    /// <summary>Runs a program.</summary>
    void RunPieces(PieceProgram program);
}
