namespace DeepNet.Devices.Cpu;

/// <summary>Sizes of <see cref="WinogradGradient{TLanes, TVector, V}"/>, which follow from the shape alone.</summary>
internal static class WinogradGradient
{
    /// <summary>Tiles that make a product over them worth its sum; sums that are kept, and the elements they may take together.</summary>
    private const int LeastTiles = 64, MostRuns = 16, MostElements = 2 << 20;

    public static int RowsPerBlock(in WinogradPlan plan) => plan.RowsPerBlock(LeastTiles);

    /// <summary>The parts of the batch that have a sum each.</summary>
    public static int Runs(in WinogradPlan plan, int lanes)
    {
        long tiles = (long)plan.AllRows * plan.TilesPerRow;
        return (int)Math.Clamp(Math.Min(tiles / LeastTiles, MostElements / SumSize(plan, lanes)), 1,
            Math.Min(MostRuns, Math.Max(1, plan.AllRows)));
    }

    public static nint SumSize(in WinogradPlan plan, int lanes)
        => (nint)Winograd.Points * plan.Channels * WinogradPlan.Whole(plan.Outputs, lanes);

    /// <summary>Elements of all sums.</summary>
    public static nint Size(in WinogradPlan plan, int lanes) => Runs(plan, lanes) * SumSize(plan, lanes);
}

/// <summary>
/// The gradient of the weight: for each point the product of the image's tiles and of those of the result's gradient, channels by
/// outputs, summed over tiles; then back to nine taps. Each run of tiles has a sum of its own, and they are added up in order.
/// </summary>
internal unsafe struct WinogradGradient<TLanes, TVector, V> : IParallelBody
    where TLanes : ILanes<TVector, float>
    where TVector : unmanaged
    where V : unmanaged, ISimd<V, float>
{
    private const int Reach = Winograd.Reach, Points = Winograd.Points;

    private readonly WinogradPlan plan;
    private readonly WinogradTiles<V> images, gradients;
    private readonly float* sums;
    private readonly nint sumSize;
    private readonly int runs, rowsPerBlock;

    public WinogradGradient(in WinogradPlan plan, Pixels<float> image, Pixels<float> result, float* sums)
    {
        this.plan = plan;
        this.sums = sums;
        (images, gradients) = (WinogradTiles<V>.OfImage(plan, image), WinogradTiles<V>.OfGradients(plan, result));
        (runs, sumSize) = (WinogradGradient.Runs(plan, V.Lanes), WinogradGradient.SumSize(plan, V.Lanes));
        rowsPerBlock = WinogradGradient.RowsPerBlock(plan);
    }

    public void RunAll(float* weight)
    {
        WorkerPool.ForEach(runs, ref this);
        var finish = new FinishBody { From = this, Weight = weight };
        WorkerPool.For((nint)plan.Channels * (gradients.Width / V.Lanes), 1 + (1 << 9) / V.Lanes, ref finish);
    }

    public readonly void Run(nint from, nint to)
    {
        nint imageStep = (nint)rowsPerBlock * plan.TilesPerRow * images.Width + 16,
            slopeStep = (nint)rowsPerBlock * plan.TilesPerRow * gradients.Width + 16;
        float* memory = (float*)Scratch.Get((Points * (imageStep + slopeStep) + images.Workspace + gradients.Workspace) * sizeof(float));
        float* slopeTiles = memory + Points * imageStep, workspace = slopeTiles + Points * slopeStep;
        var (takeImage, takeGradient) = (images, gradients);
        takeImage.Begin(workspace);
        takeGradient.Begin(workspace + images.Workspace);
        for (nint run = from; run < to; run++)
        {
            int first = (int)(plan.AllRows * (long)run / runs), end = (int)(plan.AllRows * (long)(run + 1) / runs);
            float* sum = sums + run * sumSize;
            for (int block = first; block < end; block += rowsPerBlock)
            {
                int count = Math.Min(rowsPerBlock, end - block);
                for (int i = 0; i < count; i++)
                {
                    takeImage.Transform(block + i, memory + (nint)i * plan.TilesPerRow * images.Width, imageStep);
                    takeGradient.Transform(block + i, slopeTiles + (nint)i * plan.TilesPerRow * gradients.Width, slopeStep);
                }
                Multiply(count * plan.TilesPerRow, memory, imageStep, slopeTiles, slopeStep, sum, block > first);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Multiply(int count, float* tiles, nint step, float* slopeTiles, nint slopeStep, float* sum, bool adds)
    {
        int channels = plan.Channels;
        nint width = gradients.Width;
        var tile = new TileOperands<float>
        {
            ARow = 1, ACol = images.Width, BRow = width, BNext = TLanes.Count, CRow = width, K = count,
            Accumulate = adds
        };
        for (int point = 0; point < Points; point++, tiles += step, slopeTiles += slopeStep, sum += channels * width)
        {
            tile.A = tiles;
            tile.B = slopeTiles;
            tile.C = sum;
            TileColumn<TLanes, TVector, float>.RunAll(tile, channels, (int)width);
        }
    }

    /// <summary>Adds up the runs and turns the points of a channel into taps.</summary>
    private struct FinishBody : IParallelBody
    {
        public WinogradGradient<TLanes, TVector, V> From;
        public float* Weight;

        public readonly void Run(nint from, nint to)
        {
            int width = From.gradients.Width;
            // Channel by channel, which are neighbours in the weight.
            for (nint i = from; i < to; i++) Turn((int)(i % From.plan.Channels), (int)(i / From.plan.Channels) * V.Lanes, width);
        }

        [MethodImpl(NoInlining | AggressiveOptimization)]
        private readonly void Turn(int channel, int output, int width)
        {
            int channels = From.plan.Channels, runs = From.runs, lanes = V.Lanes, count = Math.Min(lanes, From.plan.Outputs - output);
            nint matrix = (nint)channels * width, size = From.sumSize;
            V* points = stackalloc V[Points], half = stackalloc V[3 * Reach], taps = stackalloc V[9];
            float* at = From.sums + (nint)channel * width + output;
            for (int point = 0; point < Points; point++, at += matrix)
            {
                V total = V.Load(at);
                for (int run = 1; run < runs; run++) total += V.Load(at + run * size);
                points[point] = total;
            }
            for (int i = 0; i < Reach; i++)
            {
                V* p = points + i;
                Winograd.ToTaps(p[0], p[6], p[12], p[18], p[24], p[30], out half[i], out half[Reach + i], out half[2 * Reach + i]);
            }
            for (int i = 0; i < 3; i++)
            {
                V* h = half + i * Reach;
                Winograd.ToTaps(h[0], h[1], h[2], h[3], h[4], h[5], out taps[3 * i], out taps[3 * i + 1], out taps[3 * i + 2]);
            }
            float* lane = (float*)taps, to = Weight + ((nint)output * channels + channel) * 9;
            for (int i = 0; i < count; i++, to += (nint)channels * 9)
                for (int tap = 0; tap < 9; tap++) to[tap] = lane[tap * lanes + i];
        }
    }
}
