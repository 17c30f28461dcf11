namespace DeepNet.Devices.Cpu;

/// <summary>
/// The gradient of the weight: a tile holds a few channels of one tap by two vectors of outputs, and its sum runs over places,
/// the image read as it lies in its planes, the result's gradient with its outputs side by side.
/// </summary>
/// <remarks>
/// Images are split into a number of runs that is a matter of the shapes alone; each run has a sum of its own, and the sums are
/// added in order.
/// </remarks>
internal unsafe struct WeightBody<TLanes, TVector, T> : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Tasks that make enough for many threads; a run has enough places to be worth a sum of its own.</summary>
    private const int WantedTasks = 16, PlacesPerRun = 512;

    private const int ChannelsPerTask = 32;

    private readonly ConvolutionPlan plan;
    private readonly TapPlanes planes;
    private readonly T* image, result;
    private readonly int runs, channelBlocks;
    private T* sums;

    public WeightBody(in ConvolutionPlan plan, T* image, T* result)
    {
        (this.plan, planes) = (plan, plan.Planes(TLanes.Count));
        this.image = image;
        this.result = result;
        channelBlocks = (plan.Channels + ChannelsPerTask - 1) / ChannelsPerTask;
        long tasks = Math.Max(1, (long)plan.Groups * channelBlocks), wanted = (WantedTasks + tasks - 1) / tasks;
        runs = (int)Math.Max(1, Math.Min(Math.Min(plan.ImageBlocks, wanted), plan.Batch * (long)plan.TargetPlane / PlacesPerRun));
    }

    /// <summary>Outputs, rounded up to whole vectors.</summary>
    private readonly int Width => (plan.Outputs + TLanes.Count - 1) / TLanes.Count * TLanes.Count;

    /// <summary>Elements of one sum.</summary>
    private readonly nint SumSize => plan.Groups * plan.Depth * Width;

    /// <summary>Gets the size of the workspace that <see cref="RunAll"/> needs for the sums of the runs.</summary>
    public readonly nint WorkspaceForSums => runs * SumSize;

    public void RunAll(T* workspace)
    {
        sums = workspace;
        WorkerPool.ForEach((nint)runs * plan.Groups * channelBlocks, ref this);
    }

    public readonly void Run(nint from, nint to)
    {
        for (nint task = from; task < to; task++)
        {
            int block = (int)(task % channelBlocks), group = (int)(task / channelBlocks % plan.Groups),
                run = (int)(task / channelBlocks / plan.Groups);
            int first = block * ChannelsPerTask;
            RunTask(run, group, first, Math.Min(ChannelsPerTask, plan.Channels - first));
        }
    }

    private readonly void RunTask(int run, int group, int firstChannel, int channels)
    {
        int taps = plan.Taps, segments = plan.ImagesPerBlock * plan.RowsPerBlock;
        nint planesSize = channels * planes.ChannelStride, places = (nint)segments * plan.Columns.Target, columnsSize = places * Width;
        byte* memory = (byte*)Scratch.Get(
            (planesSize + columnsSize) * sizeof(T) + segments * sizeof(TileJump) + taps * (sizeof(nint) + sizeof(int)));
        T* read = (T*)memory, columns = read + planesSize;
        var jumps = (TileJump*)(((nint)(columns + columnsSize) + 15) & ~15);
        nint* offsets = (nint*)(jumps + segments);
        int* numbers = (int*)(offsets + taps);
        taps = plan.ListTaps(0, 0, planes, numbers, offsets);

        T* sum = sums + run * SumSize + group * plan.Depth * Width;
        int firstBlock = (int)((long)plan.ImageBlocks * run / runs), endBlock = (int)((long)plan.ImageBlocks * (run + 1) / runs);
        bool adds = false;
        for (int block = firstBlock; block < endBlock; block++)
        {
            int start = block * plan.ImagesPerBlock, images = Math.Min(plan.ImagesPerBlock, plan.Batch - start);
            for (int row = 0; row < plan.Rows.Target && images > 0; row += plan.RowsPerBlock, adds = true)
            {
                int rows = Math.Min(plan.RowsPerBlock, plan.Rows.Target - row);
                for (int i = 0; i < images; i++)
                {
                    T* x = image + (((nint)(start + i) * plan.Groups + group) * plan.Channels + firstChannel) * plan.SourcePlane;
                    for (int channel = 0; channel < channels; channel++)
                        planes.Fill(x + channel * plan.SourcePlane, read + channel * planes.ChannelStride, i, row);
                    T* y = result + (((nint)(start + i) * plan.Groups + group) * plan.Outputs) * plan.TargetPlane
                        + (nint)row * plan.Columns.Target;
                    LayColumns(y, rows * plan.Columns.Target, images * rows * plan.Columns.Target, i, columns);
                }
                var tile = new TileOperands<T>
                {
                    ARow = planes.Step, ACol = 1, BNext = TLanes.Count, CRow = Width, Jumps = jumps, Accumulate = adds,
                };
                Walk(ref tile, rows, images);
                int sources = planes.ChannelsPerSource;
                for (int tap = 0; tap < taps; tap++)
                    AddTap(tile, read + offsets[tap], columns, (nint)images * rows * plan.Columns.Target, channels * sources,
                        sum + ((nint)tap * plan.Channels + firstChannel) * sources * Width);
            }
        }
        // A run without images; all others have overwritten their sums.
        for (int tap = 0; tap < taps && !adds; tap++)
            new Span<T>(sum + ((nint)tap * plan.Channels + firstChannel) * planes.ChannelsPerSource * Width,
                channels * planes.ChannelsPerSource * Width).Clear();
    }

    /// <summary>The result's gradient of one image in panels of two vectors of outputs.</summary>
    private readonly void LayColumns(T* y, int places, int placesOfBlock, int image, T* to)
    {
        for (int output = 0; output < plan.Outputs; output += 2 * TLanes.Count)
        {
            int lines = Math.Min(2 * TLanes.Count, plan.Outputs - output), width = lines > TLanes.Count ? 2 * TLanes.Count : TLanes.Count;
            Packing.Panel(y + output * plan.TargetPlane, plan.TargetPlane, 1, lines, places,
                to + (nint)output * placesOfBlock + (nint)image * places * width, width);
        }
    }

    /// <summary>Sets the steps of a tile through the planes: along the rows, and over the zeros from one row to the next.</summary>
    private readonly void Walk(ref TileOperands<T> tile, int rows, int images)
    {
        int width = plan.Columns.Target;
        nint toRow = planes.Pitch - width, toImage = planes.ImageStride - (nint)(rows - 1) * planes.Pitch - width;
        if (toRow == 0 && (toImage == 0 || images == 1))
        {
            tile.K = (nint)width * rows * images;
            return;
        }
        (tile.K, tile.JumpCount) = (width, rows * images - 1);
        for (int i = 0; i < tile.JumpCount; i++) tile.Jumps[i] = new TileJump((i + 1) % rows == 0 ? toImage : toRow, 0);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void AddTap(TileOperands<T> tile, T* read, T* columns, nint places, int channels, T* sum)
    {
        for (int output = 0; output < plan.Outputs; output += 2 * TLanes.Count)
        {
            bool two = plan.Outputs - output > TLanes.Count;
            tile.B = columns + output * places;
            tile.BRow = two ? 2 * TLanes.Count : TLanes.Count;
            tile.A = read;
            tile.C = sum + output;
            new TileColumn<TLanes, TVector, T>(channels, two, tile.ARow, tile.ACol).Run(tile);
        }
    }

    /// <summary>Adds up the runs, in order, and turns the total into the weight's layout.</summary>
    public readonly void Finish(T* weight)
    {
        var body = new FinishBody { From = this, Weight = weight };
        WorkerPool.For((nint)plan.Groups * plan.Outputs, FinishBody.Strip, ref body);
    }

    private struct FinishBody : IParallelBody
    {
        /// <summary>Outputs that are written side by side: as many lines as the first-level cache holds at ease.</summary>
        public const int Strip = 16;

        public WeightBody<TLanes, TVector, T> From;
        public T* Weight;

        public readonly void Run(nint from, nint to)
        {
            int outputs = From.plan.Outputs;
            for (nint i = from; i < to;)
            {
                int group = (int)(i / outputs), output = (int)(i % outputs),
                    count = (int)Math.Min(Math.Min(Strip, outputs - output), to - i);
                Turn(group, output, count);
                i += count;
            }
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Turn(int group, int output, int count)
        {
            int taps = From.plan.IsLowered ? 1 : From.plan.Taps, width = From.Width, runs = From.runs;
            nint depth = From.plan.Depth, channels = depth / taps, size = From.SumSize;
            T* total = stackalloc T[Strip];
            T* to = Weight + ((nint)group * From.plan.Outputs + output) * depth;
            for (nint channel = 0; channel < channels; channel++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    T* from = From.sums + (group * depth + tap * channels + channel) * width + output;
                    for (int i = 0; i < count; i++) total[i] = from[i];
                    for (int run = 1; run < runs; run++)
                    {
                        from += size;
                        for (int i = 0; i < count; i++) total[i] += from[i];
                    }
                    for (int i = 0; i < count; i++) to[i * depth + channel * taps + tap] = total[i];
                }
            }
        }
    }
}
