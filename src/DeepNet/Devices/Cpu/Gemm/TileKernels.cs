namespace DeepNet.Devices.Cpu;

/// <summary>
/// The copies of <see cref="Tile"/> for one vector width, by the number of rows, of vectors a row, and by the order of A.
/// </summary>
internal static unsafe class TileKernels<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    /// <summary>
    /// The kernel for so many rows of one or two vectors, with A in these strides: operands of other strides must not be given to it.
    /// </summary>
    public static delegate*<TileOperands<T>*, void> Select(int rows, bool two, nint aRow, nint aCol)
    {
        if (aCol == 1) return Select<RowOrder>(rows, two);
        if (aRow != 1) return Select<FreeOrder>(rows, two);
        return aCol == rows ? Select<PanelOrder>(rows, two) : Select<ColumnOrder>(rows, two);
    }

    private static delegate*<TileOperands<T>*, void> Select<TOrder>(int rows, bool two) where TOrder : IOrder
        => two ? Select<C2, TOrder>(rows) : Select<C1, TOrder>(rows);

    private static delegate*<TileOperands<T>*, void> Select<TVectors, TOrder>(int rows) where TVectors : unmanaged where TOrder : IOrder
        => rows switch
        {
            1 => &Tile.Run<TLanes, TVector, T, C1, TVectors, TOrder>,
            2 => &Tile.Run<TLanes, TVector, T, C2, TVectors, TOrder>,
            3 => &Tile.Run<TLanes, TVector, T, C3, TVectors, TOrder>,
            4 => &Tile.Run<TLanes, TVector, T, C4, TVectors, TOrder>,
            5 => &Tile.Run<TLanes, TVector, T, C5, TVectors, TOrder>,
            6 => &Tile.Run<TLanes, TVector, T, C6, TVectors, TOrder>,
            7 => &Tile.Run<TLanes, TVector, T, C7, TVectors, TOrder>,
            8 => &Tile.Run<TLanes, TVector, T, C8, TVectors, TOrder>,
            9 => &Tile.Run<TLanes, TVector, T, C9, TVectors, TOrder>,
            10 => &Tile.Run<TLanes, TVector, T, C10, TVectors, TOrder>,
            11 => &Tile.Run<TLanes, TVector, T, C11, TVectors, TOrder>,
            _ => &Tile.Run<TLanes, TVector, T, C12, TVectors, TOrder>,
        };
}
