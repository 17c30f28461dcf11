namespace DeepNet.Devices.Cpu;

/// <summary>
/// The sizes of a convolution in tiles, whichever way it goes: tiles lie in rows over the image, and all rows of all images in one line.
/// </summary>
internal readonly record struct WinogradPlan(int Batch, int Channels, int Outputs, Taps Rows, Taps Columns)
{
    /// <summary>Bytes of transformed tiles that stay in the second-level cache.</summary>
    private const int BlockBytes = 384 << 10;

    private const int LeastTiles = 16;

    public int TileRows => (Rows.Output - 1) / Winograd.Side + 1;

    public int TilesPerRow => (Columns.Output - 1) / Winograd.Side + 1;

    public int AllRows => Batch * TileRows;

    /// <summary>
    /// Rows of tiles that are transformed and multiplied together, if there shall be at least so many tiles: about the same number in all
    /// blocks, which are a multiple of four where they are many.
    /// </summary>
    public int RowsPerBlock(int leastTiles = LeastTiles)
    {
        long most = Math.Max((long)BlockBytes / (Winograd.Points * sizeof(float) * ((long)Channels + Outputs)), leastTiles);
        int rows = (int)Math.Clamp(most / TilesPerRow, 1, Math.Max(1, AllRows)), blocks = (AllRows - 1) / rows + 1;
        if (blocks > 4) blocks = (blocks + 3) / 4 * 4;
        return (AllRows - 1) / blocks + 1;
    }

    /// <summary>A number of channels, rounded up to whole vectors.</summary>
    public static int Whole(int channels, int lanes) => (channels + lanes - 1) / lanes * lanes;
}
