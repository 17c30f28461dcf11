namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolution without lowering: a tile holds a few outputs by two vectors of neighbouring places, and its sum runs over taps and
/// channels right through the planes of the source. Result and image gradient are the same loop over different plans.
/// </summary>
internal unsafe struct DirectBody<TLanes, TVector, T> : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Tasks that even out what other processes take from a thread.</summary>
    private const int TasksPerThread = 4;

    private readonly ConvolutionPlan plan;
    private readonly TapPlanes planes;
    private readonly PackedWeight<T> weight;
    private readonly T* source, bias, target;
    private int splits;

    public DirectBody(in ConvolutionPlan plan, in PackedWeight<T> weight, T* source, T* bias, T* target)
    {
        (this.plan, this.weight, planes) = (plan, weight, plan.Planes(TLanes.Count));
        this.source = source;
        this.bias = bias;
        this.target = target;
    }

    public void RunAll()
    {
        // Few blocks share the outputs too. Each fills the planes for itself then, and no sum changes.
        int blocks = Math.Max(1, plan.Groups * plan.ImageBlocks * plan.RowBlocks);
        splits = WorkerPool.Threads == 1 ? 1 : Math.Clamp(WorkerPool.Threads * TasksPerThread / blocks, 1, weight.Panels);
        WorkerPool.ForEach((nint)blocks * splits, ref this);
    }

    public readonly void Run(nint from, nint to)
    {
        for (nint task = from; task < to; task++)
        {
            int split = (int)(task % splits), rowBlock = (int)(task / splits % plan.RowBlocks);
            nint rest = task / splits / plan.RowBlocks;
            int group = (int)(rest % plan.Groups), image = (int)(rest / plan.Groups) * plan.ImagesPerBlock,
                row = rowBlock * plan.RowsPerBlock;
            if (image >= plan.Batch || row >= plan.Rows.Places) continue;
            var block = new Block
            {
                Group = group, Image = image, Images = Math.Min(plan.ImagesPerBlock, plan.Batch - image),
                Row = row, Rows = Math.Min(plan.RowsPerBlock, plan.Rows.Places - row),
                Panel = weight.Panels * split / splits, EndPanel = weight.Panels * (split + 1) / splits,
            };
            RunBlock(block);
        }
    }

    /// <summary>The part of the result that a task computes, and its buffers.</summary>
    private struct Block
    {
        public int Group, Image, Images, Row, Rows, Panel, EndPanel;
        public T* Planes, Buffer;
        public nint* Offsets, Starts;
        public TileJump* Jumps;
        public int* Shifts;

        /// <summary>For each vector the first tap that may find more than zeros, and the one after the last.</summary>
        public (int From, int End)* Live;
    }

    /// <summary>
    /// The outputs of one class in a block, cut into vectors: row by row (each row of all images, so that neighbours skip the same
    /// zeros), or straight on over the zeros between the rows of an image if that takes fewer.
    /// </summary>
    private readonly struct Vectors
    {
        public readonly int Rows, Columns, Count;
        public readonly nint RowStep, ImageStep;
        private readonly int images, perRow, perImage;

        public Vectors(int rows, int columns, int images, nint pitch)
        {
            int lanes = TLanes.Count, each = (columns + lanes - 1) / lanes;
            int straight = rows == 0 || columns == 0 ? 0 : (int)(((rows - 1) * pitch + columns + lanes - 1) / lanes);
            bool isStraight = straight < each * rows;
            (Rows, Columns, this.images) = (rows, columns, images);
            (perRow, perImage) = isStraight ? (0, straight) : (each, each * rows);
            Count = perImage * images;
            (RowStep, ImageStep) = isStraight ? (pitch, (nint)straight * lanes) : ((nint)images * each * lanes, (nint)each * lanes);
        }

        /// <summary>Gets the start of a vector in the planes, and the rows in which it starts and ends.</summary>
        public nint Start(int index, in TapPlanes planes, out int firstRow, out int lastRow)
        {
            if (perRow > 0)
            {
                firstRow = lastRow = index / perRow / images;
                return index / perRow % images * planes.ImageStride + firstRow * planes.Pitch + index % perRow * TLanes.Count;
            }
            nint at = index % perImage * (nint)TLanes.Count;
            firstRow = (int)(at / planes.Pitch);
            lastRow = (int)Math.Min(Rows - 1, (at + TLanes.Count - 1) / planes.Pitch);
            return index / perImage * planes.ImageStride + at;
        }
    }

    private readonly void RunBlock(Block block)
    {
        // No class has more places in a row or more rows than the first.
        int most = new Vectors(block.Rows, plan.Columns.Places, block.Images, planes.Pitch).Count;
        int chunks = Math.Max(1, (plan.Channels + plan.ChannelsPerChunk - 1) / plan.ChannelsPerChunk);
        int outputs = chunks == 1 ? TLanes.TileRows : weight.First(block.EndPanel) - weight.First(block.Panel);
        nint planesSize = plan.ChannelsPerChunk * planes.ChannelStride, bufferSize = ((nint)outputs * most * TLanes.Count + 15) / 16 * 16;
        byte* memory = (byte*)Scratch.Get(
            (planesSize + bufferSize) * sizeof(T) + most * (sizeof(nint) + sizeof((int, int)))
            + plan.Taps * (sizeof(nint) + sizeof(TileJump) + sizeof(int)));
        block.Planes = (T*)memory;
        block.Buffer = block.Planes + planesSize;
        block.Starts = (nint*)(block.Buffer + bufferSize);
        block.Offsets = block.Starts + most;
        block.Jumps = (TileJump*)(block.Offsets + plan.Taps);
        block.Live = ((int, int)*)(block.Jumps + plan.Taps);
        block.Shifts = (int*)(block.Live + most);

        if (chunks == 1) Fill(block, 0);
        if (HasEmptyClasses) Clear(block);
        int tapsBefore = 0;
        for (int rowClass = 0; rowClass < plan.Rows.Classes; rowClass++)
        {
            for (int columnClass = 0; columnClass < plan.Columns.Classes; columnClass++)
            {
                int taps = plan.ListTaps(rowClass, columnClass, planes, block.Shifts, block.Offsets);
                var run = new Vectors(Math.Min(block.Rows, plan.Rows.Count(rowClass) - block.Row), plan.Columns.Count(columnClass),
                    block.Images, planes.Pitch);
                List(block, run, rowClass, taps);
                for (int chunk = 0; chunk < chunks && taps > 0; chunk++)
                {
                    if (chunks > 1) Fill(block, chunk);
                    for (int panel = block.Panel; panel < block.EndPanel; panel++)
                    {
                        T* buffer = block.Buffer
                            + (chunks == 1 ? 0 : (weight.First(panel) - weight.First(block.Panel)) * run.Count * TLanes.Count);
                        Compute(block, run, buffer, tapsBefore, taps, chunk, panel);
                        if (chunk == chunks - 1) Write(block, run, buffer, rowClass, columnClass, panel);
                    }
                }
                tapsBefore += taps;
            }
        }
    }

    /// <summary>True for the gradient of an image of which a long stride skips some elements: they are in no sum.</summary>
    private readonly bool HasEmptyClasses
        => plan.Rows.Classes > plan.Rows.Kernel || plan.Columns.Classes > plan.Columns.Kernel || HasGaps(plan.Rows)
        || HasGaps(plan.Columns);

    /// <summary>With a dilation that shares a factor with the stride, the taps of several numbers fall into the same class.</summary>
    private static bool HasGaps(in TapAxis axis) => axis.Classes > 1 && axis.Dilation > 1;

    private readonly void Clear(in Block block)
    {
        nint row = (nint)plan.Rows.Classes * plan.Columns.Target;
        int first = weight.First(block.Panel), end = weight.First(block.EndPanel);
        nint from = block.Row * row, to = Math.Min(from + block.Rows * row, plan.TargetPlane);
        for (int image = 0; image < block.Images; image++)
        {
            T* outputs = target + ((nint)(block.Image + image) * plan.Groups + block.Group) * plan.Outputs * plan.TargetPlane;
            for (int output = first; output < end; output++)
                new Span<T>(outputs + output * plan.TargetPlane + from, (int)(to - from)).Clear();
        }
    }

    /// <summary>
    /// Lists the vectors and what each of them reads: at the upper and lower border some taps of padded images only find zeros.
    /// </summary>
    private readonly void List(in Block block, in Vectors run, int rowClass, int taps)
    {
        bool mayReadZeros = !plan.IsLowered && plan.Rows.Phases == 1;
        int* shifts = block.Shifts;
        for (int tap = 0; tap < taps && mayReadZeros; tap++)
        {
            plan.Rows.TryTap(rowClass, shifts[tap] / plan.Columns.Kernel, out _, out int shift);
            shifts[tap] = block.Row + shift - plan.Rows.Before;
        }
        for (int i = 0; i < run.Count; i++)
        {
            block.Starts[i] = run.Start(i, planes, out int firstRow, out int lastRow);
            int from = 0, end = taps;
            if (mayReadZeros)
            {
                while (from < end && (lastRow + shifts[from] < 0 || firstRow + shifts[from] >= plan.Rows.Source)) from++;
                while (end > from && (lastRow + shifts[end - 1] < 0 || firstRow + shifts[end - 1] >= plan.Rows.Source)) end--;
            }
            block.Live[i] = (from, end);
        }
    }

    private readonly int ChannelsOf(int chunk) => Math.Min(plan.ChannelsPerChunk, plan.Channels - chunk * plan.ChannelsPerChunk);

    private readonly void Fill(in Block block, int chunk)
    {
        int first = block.Group * plan.Channels + chunk * plan.ChannelsPerChunk, count = ChannelsOf(chunk);
        for (int image = 0; image < block.Images; image++)
        {
            T* from = source + ((nint)(block.Image + image) * plan.Groups * plan.Channels + first) * plan.SourcePlane;
            for (int channel = 0; channel < count; channel++)
                planes.Fill(from + channel * plan.SourcePlane, block.Planes + channel * planes.ChannelStride, image, block.Row);
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Compute(in Block block, in Vectors run, T* buffer, int tapsBefore, int taps, int chunk, int panel)
    {
        int rows = weight.First(panel + 1) - weight.First(panel), channels = ChannelsOf(chunk) * planes.ChannelsPerSource;
        for (int tap = 1; tap < taps; tap++)
            block.Jumps[tap - 1] = new TileJump(0, block.Offsets[tap] - block.Offsets[tap - 1] - channels * planes.Step);
        var tile = new TileOperands<T>
        {
            ARow = 1, ACol = rows, BRow = planes.Step, CRow = (nint)run.Count * TLanes.Count, Accumulate = chunk > 0,
        };
        T* panelStart = weight.Panel(block.Group, tapsBefore, taps, chunk, panel);
        var one = TileKernels<TLanes, TVector, T>.Select(rows, false, 1, rows);
        var two = TileKernels<TLanes, TVector, T>.Select(rows, true, 1, rows);
        for (int vector = 0; vector < run.Count; vector += 2)
        {
            bool isPair = vector + 1 < run.Count;
            var (from, end) = block.Live[vector];
            if (isPair)
            {
                var (nextFrom, nextEnd) = block.Live[vector + 1];
                (from, end) = (Math.Min(from, nextFrom), Math.Max(end, nextEnd));
                tile.BNext = block.Starts[vector + 1] - block.Starts[vector];
            }
            // Without a tap the tile is zero, and no operand is read.
            from = Math.Min(from, taps - 1);
            tile.A = panelStart + (nint)from * channels * rows;
            tile.B = block.Planes + block.Offsets[from] + block.Starts[vector];
            tile.C = buffer + (nint)vector * TLanes.Count;
            tile.K = end > from ? channels : 0;
            tile.Jumps = block.Jumps + from;
            tile.JumpCount = Math.Max(0, end - from - 1);
            if (isPair) two(&tile);
            else one(&tile);
        }
    }

    /// <summary>From the buffer to the target, with the bias.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Write(in Block block, in Vectors run, T* buffer, int rowClass, int columnClass, int panel)
    {
        int first = weight.First(panel), end = weight.First(panel + 1), step = plan.Columns.Classes, rows = run.Rows, columns = run.Columns;
        // Rows without gaps are one long row.
        if (run.RowStep == columns && plan.Rows.Classes * step == 1) (rows, columns) = (1, rows * columns);
        for (int output = first; output < end; output++, buffer += (nint)run.Count * TLanes.Count)
        {
            T start = bias == null ? T.Zero : bias[block.Group * plan.Outputs + output];
            for (int image = 0; image < block.Images; image++)
            {
                T* from = buffer + image * run.ImageStep;
                T* to = target + (((nint)(block.Image + image) * plan.Groups + block.Group) * plan.Outputs + output) * plan.TargetPlane
                    + ((nint)block.Row * plan.Rows.Classes + rowClass) * plan.Columns.Target + columnClass;
                for (int row = 0; row < rows; row++, from += run.RowStep, to += (nint)plan.Rows.Classes * plan.Columns.Target)
                    ImageRow.Put(from, start, to, step, columns);
            }
        }
    }
}
