namespace DeepNet.Devices.Cpu;

/// <summary>
/// Brings rows of tiles into the space of points: the tiles of an image (6 × 6 pixels that overlap by two) or those of a result's
/// gradient (4 × 4 side by side). First down the columns, whole rows at a time, then across.
/// </summary>
internal unsafe struct WinogradTiles<V> where V : unmanaged, ISimd<V, float>
{
    private const int Side = Winograd.Side, Reach = Winograd.Reach;

    private readonly Pixels<float> source;
    private readonly int channels, height, columns, before, beforeColumns, tileRows, tilesPerRow;
    private readonly bool isSlope, isDirect;
    private float* lines, points, zeros;
    private int lineImage, lineEnd;

    private WinogradTiles(in WinogradPlan plan, Pixels<float> source, bool isSlope)
    {
        this.source = source;
        this.isSlope = isSlope;
        (tileRows, tilesPerRow) = (plan.TileRows, plan.TilesPerRow);
        channels = isSlope ? plan.Outputs : plan.Channels;
        (height, columns) = isSlope ? (plan.Rows.Output, plan.Columns.Output) : (plan.Rows.Input, plan.Columns.Input);
        (before, beforeColumns) = isSlope ? (0, 0) : (plan.Rows.Before, plan.Columns.Before);
        Width = WinogradPlan.Whole(channels, V.Lanes);
        isDirect = Width == channels && source.IsDenseInRows(channels);
    }

    /// <summary>Those of what a convolution reads.</summary>
    public static WinogradTiles<V> OfImage(in WinogradPlan plan, Pixels<float> source) => new(plan, source, false);

    /// <summary>Those of the gradient of what it writes.</summary>
    public static WinogradTiles<V> OfGradients(in WinogradPlan plan, Pixels<float> source) => new(plan, source, true);

    /// <summary>Elements from one tile of a point to the next: the channels, rounded up to whole vectors.</summary>
    public int Width { get; }

    private readonly nint Line => (nint)columns * Width;

    private readonly nint PointLine => (nint)(Side * tilesPerRow + 2) * Width;

    /// <summary>Elements that it needs for itself.</summary>
    public readonly nint Workspace => (isDirect ? 0 : Reach * Line) + Line + Reach * PointLine;

    /// <summary>Takes its workspace.</summary>
    public void Begin(float* workspace)
    {
        zeros = workspace;
        points = zeros + Line;
        lines = points + Reach * PointLine;
        lineImage = -1;
        new Span<float>(workspace, checked((int)(Line + Reach * PointLine))).Clear();
    }

    /// <summary>Transforms a row of tiles; points are <paramref name="step"/> elements apart.</summary>
    public void Transform(int row, float* to, nint step)
    {
        int image = row / tileRows, first = row % tileRows * Side - before;
        float* r0 = Row(image, first), r1 = Row(image, first + 1), r2 = Row(image, first + 2), r3 = Row(image, first + 3);
        float* start = points + (nint)beforeColumns * Width;
        if (isSlope)
        {
            DownSlopes(r0, r1, r2, r3, start);
            for (int i = 0; i < Reach; i++) AcrossSlopes(points + i * PointLine, to + i * Reach * step, step);
        }
        else
        {
            Down(r0, r1, r2, r3, Row(image, first + 4), Row(image, first + 5), start);
            for (int i = 0; i < Reach; i++) Across(points + i * PointLine, to + i * Reach * step, step);
        }
    }

    /// <summary>A row of pixels, as it lies or brought together; rows above each other are kept, so that each is brought once.</summary>
    private float* Row(int image, int row)
    {
        if ((uint)row >= (uint)height) return zeros;
        if (isDirect) return source.At(image, row);
        float* line = lines + row % Reach * Line;
        if (image != lineImage) (lineImage, lineEnd) = (image, 0);
        if (row < lineEnd) return line;
        source.Take(image, row, columns, channels, line, Width);
        lineEnd = row + 1;
        return line;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Down(float* r0, float* r1, float* r2, float* r3, float* r4, float* r5, float* to)
    {
        nint next = PointLine, count = Line;
        for (nint i = 0; i < count; i += V.Lanes)
        {
            V d0 = V.Load(r0 + i), d1 = V.Load(r1 + i), d2 = V.Load(r2 + i), d3 = V.Load(r3 + i), d4 = V.Load(r4 + i), d5 = V.Load(r5 + i);
            Winograd.ToPoints(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
            Put(d0, d1, d2, d3, d4, d5, to + i, next);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Across(float* from, float* to, nint step)
    {
        nint width = Width, count = tilesPerRow * width;
        for (nint tile = 0; tile < count; tile += width, from += Side * width)
        {
            for (nint i = 0; i < width; i += V.Lanes)
            {
                float* at = from + i, put = to + tile + i;
                V d0 = V.Load(at), d1 = V.Load(at + width), d2 = V.Load(at + 2 * width);
                at += 3 * width;
                V d3 = V.Load(at), d4 = V.Load(at + width), d5 = V.Load(at + 2 * width);
                Winograd.ToPoints(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
                Put(d0, d1, d2, d3, d4, d5, put, step);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void DownSlopes(float* r0, float* r1, float* r2, float* r3, float* to)
    {
        nint next = PointLine, count = Line;
        for (nint i = 0; i < count; i += V.Lanes)
        {
            Winograd.ToGradients(V.Load(r0 + i), V.Load(r1 + i), V.Load(r2 + i), V.Load(r3 + i), out V p0, out V p1, out V p2, out V p3,
                out V p4, out V p5);
            Put(p0, p1, p2, p3, p4, p5, to + i, next);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void AcrossSlopes(float* from, float* to, nint step)
    {
        nint width = Width, count = tilesPerRow * width;
        for (nint tile = 0; tile < count; tile += width, from += Side * width)
        {
            for (nint i = 0; i < width; i += V.Lanes)
            {
                float* at = from + i, put = to + tile + i;
                Winograd.ToGradients(V.Load(at), V.Load(at + width), V.Load(at + 2 * width), V.Load(at + 3 * width), out V p0, out V p1,
                    out V p2, out V p3, out V p4, out V p5);
                Put(p0, p1, p2, p3, p4, p5, put, step);
            }
        }
    }

    /// <summary>The six points of a line, so far apart.</summary>
    [MethodImpl(AggressiveInlining)]
    private static void Put(V p0, V p1, V p2, V p3, V p4, V p5, float* to, nint step)
    {
        p0.Store(to);
        p1.Store(to + step);
        p2.Store(to + 2 * step);
        to += 3 * step;
        p3.Store(to);
        p4.Store(to + step);
        p5.Store(to + 2 * step);
    }
}
