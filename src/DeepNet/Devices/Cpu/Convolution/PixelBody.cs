namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolution over pixels, without lowering: a tile holds a few places of a row by two vectors of outputs, and its sum runs over
/// taps and channels right through the padded lines. Result and image gradient are the same loop over different plans.
/// </summary>
internal unsafe struct PixelBody<TLanes, TVector, T> : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged
{
    private readonly PixelPlan plan;
    private readonly PixelLines<T> lines;
    private readonly PixelWeight<T> weight;
    private readonly Pixels<T> target;
    private readonly T* bias;
    private readonly int width;
    private readonly BlockMap map;
    private readonly bool isDirect;

    public PixelBody(in PixelPlan plan, in PixelWeight<T> weight, Pixels<T> source, T* bias, Pixels<T> target, BlockMap map)
    {
        this.plan = plan;
        this.weight = weight;
        this.bias = bias;
        this.target = target;
        this.map = map;
        lines = new(plan.Rows, plan.Columns, plan.Channels, source);
        width = WinogradPlan.Whole(plan.Outputs, TLanes.Count);
        isDirect = width == plan.Outputs && target.IsDenseInRows(plan.Outputs);
    }

    public void RunAll() => WorkerPool.ForEach((nint)plan.Batch * plan.RowBlocks, ref this);

    private static int Panel => 2 * TLanes.Count;

    private readonly nint OutputLine => (nint)plan.Columns.Target * width;

    public readonly void Run(nint from, nint to)
    {
        nint workspace = lines.Workspace(plan.RowsPerBlock), outputs = isDirect ? 0
            : plan.RowsPerBlock * plan.Rows.Classes * OutputLine, shifts = weight.Panels * Panel;
        byte* memory = (byte*)Scratch.Get(
            (workspace + outputs + shifts + 32) * sizeof(T) + plan.Taps * (sizeof(nint) + sizeof(TileJump) + sizeof(int)));
        T* put = (T*)memory + (workspace + 15) / 16 * 16, shift = put + outputs;
        var jumps = (TileJump*)(((nint)(shift + shifts) + 15) & ~15);
        nint* offsets = (nint*)(jumps + plan.Taps);
        int* numbers = (int*)(offsets + plan.Taps);
        for (nint i = 0; i < shifts; i++) shift[i] = bias == null || i >= plan.Outputs ? default : bias[i];
        for (nint task = from; task < to; task++)
        {
            int image = (int)(task / plan.RowBlocks), first = (int)(task % plan.RowBlocks) * plan.RowsPerBlock,
                rows = Math.Min(plan.RowsPerBlock, plan.Rows.Count(0) - first);
            if (rows <= 0) continue;
            T* read = lines.Lay(image, first, rows, (T*)memory);
            int classes = plan.Rows.Classes, tapsBefore = 0;
            T* at = isDirect ? target.At(image, first * classes) : put;
            nint line = isDirect ? target.Row : OutputLine;
            for (int rowClass = 0; rowClass < classes; rowClass++)
            {
                int count = Math.Min(rows, plan.Rows.Count(rowClass) - first);
                for (int columnClass = 0; columnClass < plan.Columns.Classes; columnClass++)
                {
                    int taps = plan.ListTaps(rowClass, columnClass, lines.Line, numbers, offsets);
                    Compute(read, count, columnClass, tapsBefore, taps, offsets, jumps, bias == null ? null
                        : shift, at + rowClass * line + (nint)columnClass * width, line * classes);
                    tapsBefore += taps;
                }
            }
            int end = Math.Min(plan.Rows.Target, (first + rows) * classes);
            if (!map.IsRelu) map.Apply(at, line, end - first * classes, OutputLine);
            for (int row = first * classes; row < end && !isDirect; row++)
                target.Put(put + (row - first * classes) * OutputLine, width, image, row, plan.Columns.Target, plan.Outputs);
        }
    }

    /// <summary>Rows of outputs of one class.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Compute(
        T* read, int rows, int columnClass, int tapsBefore, int taps, nint* offsets, TileJump* jumps, T* shift, T* to, nint toLine)
    {
        int columns = plan.Columns.Count(columnClass);
        if (rows <= 0 || columns <= 0) return;
        // Taps that are neighbours in a row are one stretch.
        int stretch = 1, panel = Panel;
        while (stretch < taps && offsets[stretch] == offsets[stretch - 1] + plan.Channels) stretch++;
        for (int tap = stretch; tap < taps && stretch > 1; tap++)
            if (taps % stretch != 0 || (tap % stretch != 0 && offsets[tap] != offsets[tap - 1] + plan.Channels)) stretch = 1;
        int stretches = taps == 0 ? 1 : taps / stretch, terms = taps == 0 ? 0 : stretch * plan.Channels;
        for (int i = 1; i < stretches; i++) jumps[i - 1] = new TileJump(offsets[i * stretch] - offsets[(i - 1) * stretch] - terms, 0);

        nint start = taps == 0 ? 0 : offsets[0], step = (nint)plan.Columns.Step * plan.Channels;
        var tile = new TileOperands<T>
        {
            ARow = step, ACol = 1, BRow = panel, BNext = TLanes.Count, CRow = (nint)plan.Columns.Classes * width,
            K = terms, Jumps = jumps, JumpCount = stretches - 1, Rectify = map.IsRelu,
        };
        for (int number = 0; number < weight.Panels; number++)
        {
            bool two = plan.Outputs - number * panel > TLanes.Count;
            var column = new TileColumn<TLanes, TVector, T>(columns, two, tile.ARow, tile.ACol);
            tile.B = weight.Panel(tapsBefore, taps, number);
            tile.Bias = shift == null ? null : shift + number * panel;
            for (int row = 0; row < rows; row++)
            {
                tile.A = read + start + row * plan.Rows.Step * lines.Line;
                tile.C = to + row * toLine + number * panel;
                column.Run(tile);
            }
        }
    }
}
