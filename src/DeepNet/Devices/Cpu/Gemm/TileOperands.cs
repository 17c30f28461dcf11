namespace DeepNet.Devices.Cpu;

/// <summary>
/// The operands of one <see cref="Tile"/>. A's element (i, p) is A[i · ARow + p · ACol]; the rows of B are contiguous and BRow
/// apart, and so are those of C. The sum over p may run over several stretches of K terms, with a jump in both operands
/// between one and the next: that is how a convolution walks from tap to tap, or from image row to image row.
/// </summary>
internal unsafe struct TileOperands<T> where T : unmanaged
{
    public T* A;
    public nint ARow, ACol;
    public T* B;

    /// <summary>From one row of B to the next, and from the first vector of a row to the second.</summary>
    public nint BRow, BNext;

    public T* C;
    public nint CRow;

    /// <summary>Terms a stretch.</summary>
    public nint K;

    /// <summary>Added to both pointers after each stretch but the last, which have by then moved K terms on.</summary>
    public TileJump* Jumps;
    public nint JumpCount;

    /// <summary>Adds to C instead of overwriting it.</summary>
    public bool Accumulate;

    /// <summary>Added to every row of C, as long as the tile is wide; or null.</summary>
    public T* Bias;

    /// <summary>Puts 0 in place of what is negative, at the very end.</summary>
    public bool Rectify;
}

/// <summary>The strides of a tile's operands, in elements.</summary>
internal readonly record struct TileJump(nint A, nint B);
