namespace DeepNet.Ilgpu;

/// <summary>
/// Divides a product among groups: in tiles, and in pieces along k. It depends on sizes and device alone, so that results repeat.
/// </summary>
internal readonly record struct TilePlan(bool IsLarge, int TilesM, int TilesN, int Splits, int Each)
{
    /// <summary>Steps along k that a group should have at least: below, adding up the parts costs more than the waiting it saves.</summary>
    private const int LeastEach = 128, MostSplits = 64, EachStep = 16;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>The sides of the tiles.</summary>
    public const int Large = 128, Medium = 64;

    /// <summary>Steps along k that lie in shared memory at once.</summary>
    public const int LargeDepth = 8, MediumDepth = 16;

    /// <summary>
    /// Elements between two lines of a panel: four more than a tile's side, so that transposed writes meet no bank twice.
    /// </summary>
    public const int LargeLine = Large + 4, MediumLine = Medium + 4;

    /// <param name="m">Rows of the result.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="count">Products in the batch.</param>
    /// <param name="mayBeLarge">True for float32: 64 sums of other types do not fit a thread's registers.</param>
    /// <param name="processors">The device's multiprocessors.</param>
    public static TilePlan Of(int m, int n, int k, int count, bool mayBeLarge, int processors)
    {
        long large = Tiles(m, Large) * Tiles(n, Large) * count;
        bool isLarge = mayBeLarge && large >= processors && Math.Min(m, n) > Medium;
        int side = isLarge ? Large : Medium;
        int tilesM = (int)Tiles(m, side), tilesN = (int)Tiles(n, side);
        long groups = (long)tilesM * tilesN * count, splits = Math.Min(Math.Min(2L * processors / groups, k / LeastEach), MostSplits);
        if (splits < 2) return new(isLarge, tilesM, tilesN, 1, k);
        int each = (int)Tiles((int)Tiles(k, (int)splits), EachStep) * EachStep;
        return new(isLarge, tilesM, tilesN, (int)Tiles(k, each), each);
    }

    private static long Tiles(int length, int side) => ((long)length + side - 1) / side;
}
