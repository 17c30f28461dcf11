namespace DeepNet.Devices.Cpu;

/// <summary>
/// Rows of C that are cut into tiles of equal height, or of one row more in the first few: a short last tile would leave the FMA units
/// idle.
/// </summary>
internal readonly unsafe struct TileColumn<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    private readonly int tiles, low, high;
    private readonly delegate*<TileOperands<T>*, void> lowKernel, highKernel;

    /// <param name="rows">The rows; at least one.</param>
    /// <param name="two">True if a row of the tile has two vectors.</param>
    /// <param name="aRow">From one row of A to the next.</param>
    /// <param name="aCol">From one term to the next.</param>
    public TileColumn(int rows, bool two, nint aRow, nint aCol)
    {
        tiles = (rows - 1) / TLanes.TileRows + 1;
        (low, high) = (rows / tiles, rows % tiles);
        lowKernel = TileKernels<TLanes, TVector, T>.Select(low, two, aRow, aCol);
        highKernel = high > 0 ? TileKernels<TLanes, TVector, T>.Select(low + 1, two, aRow, aCol) : lowKernel;
    }

    /// <summary>All tiles, one below the other, from the operands of the first.</summary>
    public void Run(TileOperands<T> tile)
    {
        for (int i = 0; i < tiles; i++)
        {
            int rows = i < high ? low + 1 : low;
            if (i < high) highKernel(&tile);
            else lowKernel(&tile);
            tile.A += rows * tile.ARow;
            tile.C += rows * tile.CRow;
        }
    }

    /// <summary>All tiles of a matrix C and a B of its width, both of whole vectors.</summary>
    public static void RunAll(TileOperands<T> tile, int rows, int columns)
    {
        T* b = tile.B, c = tile.C;
        for (int column = 0; column < columns; column += 2 * TLanes.Count)
        {
            tile.B = b + column;
            tile.C = c + column;
            new TileColumn<TLanes, TVector, T>(rows, columns - column > TLanes.Count, tile.ARow, tile.ACol).Run(tile);
        }
    }
}
