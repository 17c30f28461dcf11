using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepNet.Devices.Cpu;

/// <summary>Blocks of tiles through all three stages; a block is one thread's, and no sum crosses blocks.</summary>
internal unsafe struct WinogradBody<TLanes, TVector> : IParallelBody
    where TLanes : ILanes<TVector, float>
    where TVector : struct
{
    private const int Side = Winograd.Side, Reach = Winograd.Reach, Points = Winograd.Points;

    private readonly WinogradPlan plan;
    private readonly float* weight, source, bias, target;

    /// <summary>From channel to channel and from point to point, in the transformed tiles of a block; none a power of two that crowds a few cache sets.</summary>
    private readonly nint pitch, pointStep, resultStep;

    private readonly int rowsPerBlock, tilesPerRow, line;

    public WinogradBody(in WinogradPlan plan, float* weight, float* source, float* bias, float* target)
    {
        this.plan = plan;
        this.weight = weight;
        this.source = source;
        this.bias = bias;
        this.target = target;
        (rowsPerBlock, tilesPerRow) = (plan.RowsPerBlock, plan.TilesPerRow);
        int width = 2 * TLanes.Count;
        // Transforms store and load four tiles at a time, the last of them beyond the end of a block.
        pitch = ((nint)rowsPerBlock * tilesPerRow + 3 + width - 1) / width * width;
        pointStep = plan.Channels * pitch + 16;
        resultStep = plan.Outputs * pitch + 16;
        line = (tilesPerRow + 3) / 4 * 4 * Side + 8;
    }

    public readonly nint Blocks => (plan.AllRows - 1) / rowsPerBlock + 1;

    public readonly void Run(nint from, nint to)
    {
        nint tiles = Points * pointStep, results = Points * resultStep, lines = Reach * line, zeros = plan.Columns.Input + 8;
        float* memory = (float*)Scratch.Get((tiles + results + lines + zeros) * sizeof(float));
        float* rows = memory + tiles + results;
        new Span<float>(rows, (int)(lines + zeros)).Clear();
        // Sums over what lies behind a block's tiles are thrown away, but must not be slow: denormal numbers are.
        int tail = (int)pitch - rowsPerBlock * tilesPerRow;
        for (nint line = 0; line < Points * plan.Channels; line++)
            new Span<float>(memory + line / plan.Channels * pointStep + line % plan.Channels * pitch + pitch - tail, tail).Clear();
        for (nint block = from; block < to; block++)
        {
            int first = (int)block * rowsPerBlock, count = Math.Min(rowsPerBlock, plan.AllRows - first);
            ToPoints(first, count, memory, rows, rows + lines);
            Multiply(count * tilesPerRow, memory, memory + tiles);
            ToOutputs(first, count, memory + tiles);
        }
    }

    /// <summary>The tiles of the block, channel by channel.</summary>
    private readonly void ToPoints(int first, int count, float* tiles, float* rows, float* zeros)
    {
        for (int channel = 0; channel < plan.Channels; channel++)
        {
            float* to = tiles + channel * pitch;
            for (int i = 0; i < count; i++, to += tilesPerRow)
            {
                int image = (first + i) / plan.TileRows, row = (first + i) % plan.TileRows * Side - plan.Rows.Before;
                float* plane = source + ((nint)image * plan.Channels + channel) * plan.SourcePlane;
                Down(plane, row, rows, zeros);
                Across(rows, to);
            }
        }
    }

    /// <summary>The transform along columns, of whole rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Down(float* plane, int row, float* rows, float* zeros)
    {
        int width = plan.Columns.Input, step = width >= 8 ? 8 : 4;
        float* r0 = Row(plane, row, zeros), r1 = Row(plane, row + 1, zeros), r2 = Row(plane, row + 2, zeros);
        float* r3 = Row(plane, row + 3, zeros), r4 = Row(plane, row + 4, zeros), r5 = Row(plane, row + 5, zeros);
        float* to = rows + plan.Columns.Before;
        nint next = line;
        for (int i = 0; i < width; i += step)
        {
            // The last vector overlaps the one before it.
            int x = Math.Min(i, width - step);
            if (step == 8)
            {
                Vector256<float> d0 = Vector256.Load(r0 + x), d1 = Vector256.Load(r1 + x), d2 = Vector256.Load(r2 + x);
                Vector256<float> d3 = Vector256.Load(r3 + x), d4 = Vector256.Load(r4 + x), d5 = Vector256.Load(r5 + x);
                Winograd.ToPoints(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
                d0.Store(to + x);
                d1.Store(to + x + next);
                d2.Store(to + x + 2 * next);
                d3.Store(to + x + 3 * next);
                d4.Store(to + x + 4 * next);
                d5.Store(to + x + 5 * next);
            }
            else
            {
                Vector128<float> d0 = Vector128.Load(r0 + x), d1 = Vector128.Load(r1 + x), d2 = Vector128.Load(r2 + x);
                Vector128<float> d3 = Vector128.Load(r3 + x), d4 = Vector128.Load(r4 + x), d5 = Vector128.Load(r5 + x);
                Winograd.ToPoints(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
                d0.Store(to + x);
                d1.Store(to + x + next);
                d2.Store(to + x + 2 * next);
                d3.Store(to + x + 3 * next);
                d4.Store(to + x + 4 * next);
                d5.Store(to + x + 5 * next);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float* Row(float* plane, int row, float* zeros) => (uint)row < (uint)plan.Rows.Input ? plane + (nint)row * plan.Columns.Input : zeros;

    /// <summary>The transform along rows, four tiles at a time: their elements of the same number are brought into one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Across(float* rows, float* to)
    {
        int tiles = tilesPerRow;
        nint step = pointStep;
        for (int i = 0; i < Reach; i++, rows += line, to += Reach * step)
        {
            for (int tile = 0; tile < tiles; tile += 4)
            {
                float* at = rows + tile * Side, put = to + tile;
                Vector128<float> d0 = Vector128.Load(at), d1 = Vector128.Load(at + 4), d2 = Vector128.Load(at + 8), d3 = Vector128.Load(at + 12);
                Vector128<float> a = Packing.Low(d1, d3), b = Packing.Low(d2, Vector128.Load(at + 16));
                Vector128<float> d4 = Packing.Low(a, b), d5 = Packing.High(a, b);
                Winograd.Turn(ref d0, ref d1, ref d2, ref d3);
                Winograd.ToPoints(ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
                d0.Store(put);
                d1.Store(put + step);
                d2.Store(put + 2 * step);
                d3.Store(put + 3 * step);
                d4.Store(put + 4 * step);
                d5.Store(put + 5 * step);
            }
        }
    }

    /// <summary>A product over the channels for each point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Multiply(int count, float* tiles, float* results)
    {
        int panels = WinogradWeight.Panels(plan.Outputs, TLanes.TileRows), low = plan.Outputs / panels, highPanels = plan.Outputs % panels, width = 2 * TLanes.Count;
        var lowKernel = TileKernels<TLanes, TVector, float>.Select(low, true, 1, low);
        var highKernel = TileKernels<TLanes, TVector, float>.Select(highPanels > 0 ? low + 1 : low, true, 1, highPanels > 0 ? low + 1 : low);
        var tile = new TileOperands<float> { ARow = 1, BRow = pitch, BNext = TLanes.Count, CRow = pitch, K = plan.Channels };
        for (int point = 0; point < Points; point++)
        {
            for (int column = 0; column < count; column += width)
            {
                tile.A = weight + (nint)point * plan.Outputs * plan.Channels;
                tile.B = tiles + point * pointStep + column;
                tile.C = results + point * resultStep + column;
                for (int panel = 0; panel < panels; panel++)
                {
                    int rows = panel < highPanels ? low + 1 : low;
                    tile.ACol = rows;
                    if (panel < highPanels) highKernel(&tile);
                    else lowKernel(&tile);
                    tile.A += rows * plan.Channels;
                    tile.C += rows * pitch;
                }
            }
        }
    }

    private readonly void ToOutputs(int first, int count, float* results)
    {
        for (int output = 0; output < plan.Outputs; output++)
        {
            float shift = bias == null ? 0 : bias[output];
            float* from = results + output * pitch;
            for (int i = 0; i < count; i++, from += tilesPerRow)
            {
                int image = (first + i) / plan.TileRows, row = (first + i) % plan.TileRows * Side;
                float* to = target + ((nint)image * plan.Outputs + output) * plan.TargetPlane + (nint)row * plan.Columns.Output;
                Back(from, shift, to, Math.Min(Side, plan.Rows.Output - row));
            }
        }
    }

    /// <summary>The way back for a row of tiles, four at a time: along columns, along rows, and then each tile's outputs side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Back(float* from, float shift, float* to, int rows)
    {
        nint step = resultStep;
        int width = plan.Columns.Output;
        var added = Vector128.Create(shift);
        Vector128<float>* half = stackalloc Vector128<float>[Side * Reach];
        float* rest = stackalloc float[16];
        for (int tile = 0; tile < tilesPerRow; tile += 4)
        {
            for (int j = 0; j < Reach; j++)
            {
                float* at = from + tile + j * step;
                Winograd.ToOutputs(
                    Vector128.Load(at), Vector128.Load(at + 6 * step), Vector128.Load(at + 12 * step), Vector128.Load(at + 18 * step), Vector128.Load(at + 24 * step),
                    Vector128.Load(at + 30 * step), out half[j], out half[Reach + j], out half[2 * Reach + j], out half[3 * Reach + j]);
            }
            int left = width - tile * Side;
            for (int i = 0; i < rows; i++)
            {
                Vector128<float>* h = half + i * Reach;
                Winograd.ToOutputs(h[0], h[1], h[2], h[3], h[4], h[5], out var y0, out var y1, out var y2, out var y3);
                Winograd.Turn(ref y0, ref y1, ref y2, ref y3);
                float* row = to + i * (nint)width + tile * Side, put = left >= 16 ? row : rest;
                (y0 + added).Store(put);
                (y1 + added).Store(put + 4);
                (y2 + added).Store(put + 8);
                (y3 + added).Store(put + 12);
                for (int k = 0; k < left && left < 16; k++) row[k] = rest[k];
            }
        }
    }
}
