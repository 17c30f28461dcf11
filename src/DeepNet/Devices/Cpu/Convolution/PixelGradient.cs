namespace DeepNet.Devices.Cpu;

/// <summary>
/// The gradient of the weight over pixels: a tile holds a few channels (of all taps of a kernel row, if these are neighbours) by
/// two vectors of outputs, and its sum runs over places. Each run of images has a sum of its own, and they are added up in order.
/// </summary>
internal unsafe struct PixelGradient<TLanes, TVector, T> : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    private const int MostRuns = 16, MostElements = 2 << 20, LeastPlaces = 512;

    private readonly PixelPlan plan;
    private readonly PixelLines<T> lines;
    private readonly Pixels<T> result;
    private readonly int width, runs;
    private readonly bool isDirect;
    private T* sums;

    public PixelGradient(in PixelPlan plan, Pixels<T> image, Pixels<T> result)
    {
        this.plan = plan;
        this.result = result;
        lines = new(plan.Rows, plan.Columns, plan.Channels, image);
        width = WinogradPlan.Whole(plan.Outputs, TLanes.Count);
        isDirect = width == plan.Outputs && result.IsDenseInRows(plan.Outputs);
        long places = (long)plan.Batch * plan.Rows.Target * plan.Columns.Target;
        runs = (int)Math.Clamp(Math.Min(places / LeastPlaces, MostElements / Math.Max(1, SumSize)), 1, Math.Clamp(plan.Batch, 1, MostRuns));
    }

    private readonly nint SumSize => (nint)plan.Taps * plan.Channels * width;

    public readonly nint WorkspaceForSums => runs * SumSize;

    public void RunAll(T* workspace, T* weight)
    {
        sums = workspace;
        WorkerPool.ForEach(runs, ref this);
        var finish = new FinishBody { From = this, Weight = weight };
        WorkerPool.For(plan.Channels, 1 + (1 << 12) / ((nint)plan.Outputs * plan.Taps), ref finish);
    }

    public readonly void Run(nint from, nint to)
    {
        int rows = plan.RowsPerBlock, columns = plan.Columns.Target;
        nint workspace = lines.Workspace(rows), gradients = isDirect ? 0 : (nint)rows * columns * width;
        byte* memory = (byte*)Scratch.Get((workspace + gradients + 16) * sizeof(T) + rows * sizeof(TileJump) + 16);
        T* laid = (T*)memory + (workspace + 15) / 16 * 16;
        var jumps = (TileJump*)(((nint)(laid + gradients) + 15) & ~15);
        for (nint run = from; run < to; run++)
        {
            int firstImage = (int)((long)plan.Batch * run / runs), endImage = (int)((long)plan.Batch * (run + 1) / runs);
            T* sum = sums + run * SumSize;
            bool adds = false;
            for (int image = firstImage; image < endImage; image++)
            {
                for (int first = 0; first < plan.Rows.Target; first += rows, adds = true)
                {
                    int count = Math.Min(rows, plan.Rows.Target - first);
                    T* read = lines.Lay(image, first, count, (T*)memory), slope = isDirect ? result.At(image, first) : laid;
                    for (int i = 0; i < count && !isDirect; i++)
                        result.Take(image, first + i, columns, plan.Outputs, laid + (nint)i * columns * width, width);
                    AddBlock(read, slope, isDirect ? result.Row : (nint)columns * width, count, jumps, sum, adds);
                }
            }
            if (!adds) new Span<T>(sum, checked((int)SumSize)).Clear();
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void AddBlock(T* read, T* slope, nint slopeLine, int rows, TileJump* jumps, T* sum, bool adds)
    {
        int columns = plan.Columns.Target, kernel = plan.Columns.Kernel;
        plan.Columns.TryTap(0, 0, out int left);
        int next = left;
        if (kernel > 1) plan.Columns.TryTap(0, 1, out next);
        // Neighbouring taps read neighbouring channels.
        bool merges = kernel == 1 || next == left + 1;
        int taps = merges ? 1 : kernel, channels = merges ? kernel * plan.Channels : plan.Channels;
        nint step = (nint)plan.Columns.Step * plan.Channels;
        for (int i = 1; i < rows; i++)
            jumps[i - 1] = new TileJump(plan.Rows.Step * lines.Line - columns * step, slopeLine - (nint)columns * width);
        var tile = new TileOperands<T>
        {
            ARow = 1, ACol = step, BRow = width, BNext = TLanes.Count, CRow = width, K = columns, Jumps = jumps, JumpCount = rows - 1,
            Accumulate = adds,
        };
        for (int row = 0; row < plan.Rows.Kernel; row++)
        {
            plan.Rows.TryTap(0, row, out int down);
            for (int tap = 0; tap < taps; tap++, sum += (nint)channels * width)
            {
                plan.Columns.TryTap(0, tap, out int across);
                tile.A = read + (down + plan.Rows.Before) * lines.Line + (nint)(across + plan.Columns.Before) * plan.Channels;
                tile.B = slope;
                tile.C = sum;
                TileColumn<TLanes, TVector, T>.RunAll(tile, channels, width);
            }
        }
    }

    /// <summary>Adds up the runs, in order, and turns the total into the weight's layout.</summary>
    private struct FinishBody : IParallelBody
    {
        public PixelGradient<TLanes, TVector, T> From;
        public T* Weight;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            int width = From.width, outputs = From.plan.Outputs, channels = From.plan.Channels, taps = From.plan.Taps, runs = From.runs;
            nint size = From.SumSize, depth = (nint)channels * taps;
            T* lanes = stackalloc T[TLanes.Count];
            for (nint channel = from; channel < to; channel++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    T* at = From.sums + ((nint)tap * channels + channel) * width, put = Weight + channel * taps + tap;
                    for (int output = 0; output < outputs; output += TLanes.Count)
                    {
                        TVector sum = TLanes.Load(at + output);
                        for (int run = 1; run < runs; run++) sum = TLanes.Add(sum, TLanes.Load(at + output + run * size));
                        TLanes.Store(sum, lanes);
                        int count = Math.Min(TLanes.Count, outputs - output);
                        for (int i = 0; i < count; i++) put[(output + i) * depth] = lanes[i];
                    }
                }
            }
        }
    }
}
