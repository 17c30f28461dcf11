namespace DeepNet.Devices.Cpu;

/// <summary>The copies of <see cref="Tile"/> for one vector width, by the number of rows and of vectors a row.</summary>
internal static unsafe class TileKernels<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    public static delegate*<TileOperands<T>*, void> Select(int rows, bool two) => two ? Select<C2>(rows) : Select<C1>(rows);

    private static delegate*<TileOperands<T>*, void> Select<TVectors>(int rows) where TVectors : IConstant => rows switch
    {
        1 => &Tile.Run<TLanes, TVector, T, C1, TVectors>,
        2 => &Tile.Run<TLanes, TVector, T, C2, TVectors>,
        3 => &Tile.Run<TLanes, TVector, T, C3, TVectors>,
        4 => &Tile.Run<TLanes, TVector, T, C4, TVectors>,
        5 => &Tile.Run<TLanes, TVector, T, C5, TVectors>,
        6 => &Tile.Run<TLanes, TVector, T, C6, TVectors>,
        7 => &Tile.Run<TLanes, TVector, T, C7, TVectors>,
        8 => &Tile.Run<TLanes, TVector, T, C8, TVectors>,
        9 => &Tile.Run<TLanes, TVector, T, C9, TVectors>,
        10 => &Tile.Run<TLanes, TVector, T, C10, TVectors>,
        11 => &Tile.Run<TLanes, TVector, T, C11, TVectors>,
        _ => &Tile.Run<TLanes, TVector, T, C12, TVectors>,
    };
}
