namespace DeepNet.Devices.Cpu;

/// <summary>Blocks of tiles through all three stages; a block is one thread's, and no sum crosses blocks.</summary>
internal unsafe struct WinogradBody<TLanes, TVector, V> : IParallelBody
    where TLanes : ILanes<TVector, float>
    where TVector : unmanaged
    where V : unmanaged, ISimd<V, float>
{
    private const int Side = Winograd.Side, Reach = Winograd.Reach, Points = Winograd.Points;

    private readonly WinogradPlan plan;
    private readonly WinogradTiles<V> transform;
    private readonly Pixels<float> target;
    private readonly float* weight, bias;
    private readonly nint pointStep, resultStep;
    private readonly int rowsPerBlock, tilesPerRow, outputWidth;
    private readonly BlockMap map;
    private readonly bool isDirect;

    public WinogradBody(in WinogradPlan plan, float* weight, Pixels<float> source, float* bias, Pixels<float> target, BlockMap map)
    {
        this.plan = plan;
        this.weight = weight;
        this.bias = bias;
        this.target = target;
        this.map = map;
        transform = WinogradTiles<V>.OfImage(plan, source);
        (rowsPerBlock, tilesPerRow) = (plan.RowsPerBlock(), plan.TilesPerRow);
        outputWidth = WinogradPlan.Whole(plan.Outputs, V.Lanes);
        isDirect = outputWidth == plan.Outputs && target.IsDenseInRows(plan.Outputs);
        // No powers of two, which would crowd a few cache sets.
        pointStep = (nint)rowsPerBlock * tilesPerRow * transform.Width + 16;
        resultStep = (nint)rowsPerBlock * tilesPerRow * outputWidth + 16;
    }

    public readonly nint Blocks => (plan.AllRows - 1) / rowsPerBlock + 1;

    /// <summary>Four rows of outputs, where they cannot be written in place.</summary>
    private readonly nint OutputLine => isDirect ? 0 : (nint)Side * tilesPerRow * outputWidth;

    public readonly void Run(nint from, nint to)
    {
        nint tiles = Points * pointStep, results = Points * resultStep;
        float* memory = (float*)Scratch.Get((tiles + results + Side * OutputLine + outputWidth + transform.Workspace) * sizeof(float));
        float* lines = memory + tiles + results, shifts = lines + Side * OutputLine;
        for (int i = 0; i < outputWidth; i++) shifts[i] = bias == null || i >= plan.Outputs ? 0 : bias[i];
        var taker = transform;
        taker.Begin(shifts + outputWidth);
        for (nint block = from; block < to; block++)
        {
            int first = (int)block * rowsPerBlock, count = Math.Min(rowsPerBlock, plan.AllRows - first);
            for (int i = 0; i < count; i++) taker.Transform(first + i, memory + (nint)i * tilesPerRow * transform.Width, pointStep);
            Multiply(count * tilesPerRow, memory, memory + tiles);
            for (int i = 0; i < count; i++) Write(first + i, memory + tiles + (nint)i * tilesPerRow * outputWidth, shifts, lines);
        }
    }

    /// <summary>A product over the channels for each point: tiles by outputs.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Multiply(int count, float* tiles, float* results)
    {
        int panel = 2 * TLanes.Count;
        var tile = new TileOperands<float>
        {
            ARow = transform.Width, ACol = 1, BRow = panel, BNext = TLanes.Count, CRow = outputWidth,
            K = plan.Channels
        };
        float* matrix = weight;
        for (int point = 0; point < Points; point++, tiles += pointStep, results += resultStep)
        {
            for (int output = 0; output < plan.Outputs; output += panel, matrix += (nint)plan.Channels * panel)
            {
                bool two = plan.Outputs - output > TLanes.Count;
                var column = new TileColumn<TLanes, TVector, float>(count, two, tile.ARow, tile.ACol);
                tile.A = tiles;
                tile.B = matrix;
                tile.C = results + output;
                column.Run(tile);
            }
        }
    }

    /// <summary>A row of tiles back to four rows of outputs.</summary>
    private readonly void Write(int row, float* results, float* shifts, float* lines)
    {
        int image = row / plan.TileRows, first = row % plan.TileRows * Side, rows = Math.Min(Side, plan.Rows.Output - first),
            columns = plan.Columns.Output;
        float* to = isDirect ? target.At(image, first) : lines;
        nint line = isDirect ? target.Row : OutputLine;
        Back(results, shifts, to, line, rows, columns);
        map.Apply(to, line, rows, columns * outputWidth);
        for (int i = 0; i < rows && !isDirect; i++)
            target.Put(lines + i * OutputLine, outputWidth, image, first + i, columns, plan.Outputs);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Back(float* results, float* shifts, float* to, nint line, int rows, int columns)
    {
        nint step = resultStep, width = outputWidth;
        V* half = stackalloc V[Side * Reach];
        for (int tile = 0; tile < tilesPerRow; tile++, results += width, to += Side * width)
        {
            int left = columns - tile * Side;
            for (nint i = 0; i < width; i += V.Lanes)
            {
                float* at = results + i;
                for (int j = 0; j < Reach; j++, at += step)
                {
                    Winograd.ToOutputs(
                        V.Load(at), V.Load(at + 6 * step), V.Load(at + 12 * step), V.Load(at + 18 * step), V.Load(at + 24 * step),
                        V.Load(at + 30 * step),
                        out half[j], out half[Reach + j], out half[2 * Reach + j], out half[3 * Reach + j]);
                }
                V shift = V.Load(shifts + i);
                float* put = to + i;
                for (int j = 0; j < rows; j++, put += line)
                {
                    V* h = half + j * Reach;
                    Winograd.ToOutputs(h[0], h[1], h[2], h[3], h[4], h[5], out V y0, out V y1, out V y2, out V y3);
                    (y0, y1, y2, y3) = (y0 + shift, y1 + shift, y2 + shift, y3 + shift);
                    y0.Store(put);
                    if (left > 1) y1.Store(put + width);
                    if (left > 2) y2.Store(put + 2 * width);
                    if (left > 3) y3.Store(put + 3 * width);
                }
            }
        }
    }
}
