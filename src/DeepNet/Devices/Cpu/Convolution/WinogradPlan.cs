using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>The sizes of a convolution in tiles, whichever way it goes: tiles lie in rows over the image, and all rows of all images in one line.</summary>
internal readonly record struct WinogradPlan(int Batch, int Channels, int Outputs, Taps Rows, Taps Columns)
{
    /// <summary>Bytes of transformed tiles that stay in the second-level cache.</summary>
    private const int BlockBytes = 384 << 10;

    private const int TileStep = 16;

    public int TileRows => (Rows.Output - 1) / Winograd.Side + 1;

    public int TilesPerRow => (Columns.Output - 1) / Winograd.Side + 1;

    public int AllRows => Batch * TileRows;

    /// <summary>
    /// Rows of tiles that are transformed and multiplied together: as many as fit, or a few less if the product's vectors are
    /// better filled then.
    /// </summary>
    public int RowsPerBlock
    {
        get
        {
            int most = Math.Max(BlockBytes / (Winograd.Points * sizeof(float) * (Channels + Outputs)), TileStep), best = 1, wasted = int.MaxValue;
            for (int rows = 1; rows <= AllRows && (rows == 1 || rows * TilesPerRow <= most); rows++)
            {
                // Of 100 parts; more rows win if they waste no more.
                int tiles = rows * TilesPerRow, waste = 100 * ((tiles + TileStep - 1) / TileStep * TileStep - tiles) / tiles;
                if (waste <= wasted) (best, wasted) = (rows, waste);
            }
            return best;
        }
    }

    public nint SourcePlane => (nint)Rows.Input * Columns.Input;

    public nint TargetPlane => (nint)Rows.Output * Columns.Output;
}
