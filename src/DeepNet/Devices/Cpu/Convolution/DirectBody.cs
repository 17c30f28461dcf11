using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// Convolution without lowering: a tile holds a few outputs by two vectors of neighbouring places, and its sum runs over taps and
/// channels right through the planes of the source. Result and image gradient are the same loop over different plans.
/// </summary>
internal unsafe struct DirectBody<TLanes, TVector, T> : IParallelBody
    where TLanes : ILanes<TVector, T>
    where TVector : struct
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
            int group = (int)(rest % plan.Groups), image = (int)(rest / plan.Groups) * plan.ImagesPerBlock, row = rowBlock * plan.RowsPerBlock;
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

    /// <summary>What a task computes, and the buffers it uses.</summary>
    private struct Block
    {
        public int Group, Image, Images, Row, Rows, Panel, EndPanel;
        public T* Planes, Buffer;
        public nint* Offsets, Starts;
        public TileJump* Jumps;
        public int* Numbers;
    }

    /// <summary>The outputs of one class in a block, cut into vectors: row by row, or straight on over the zeros between rows if that takes fewer.</summary>
    private readonly struct Vectors
    {
        public readonly int Rows, Columns, PerImage, Count;
        public readonly nint RowStep, ImageStep;
        private readonly int perRow;

        public Vectors(int rows, int columns, int images, nint pitch)
        {
            int lanes = TLanes.Count;
            (Rows, Columns) = (rows, columns);
            int each = (columns + lanes - 1) / lanes, straight = rows == 0 ? 0 : (int)(((rows - 1) * pitch + columns + lanes - 1) / lanes);
            bool isStraight = straight < each * rows;
            perRow = isStraight ? 0 : each;
            PerImage = columns == 0 ? 0 : isStraight ? straight : each * rows;
            Count = PerImage * images;
            RowStep = isStraight ? pitch : (nint)each * lanes;
            ImageStep = (nint)PerImage * lanes;
        }

        public void List(nint pitch, nint imageStride, nint* starts)
        {
            for (int i = 0; i < Count; i++)
            {
                int image = i / PerImage, vector = i % PerImage;
                nint at = perRow == 0 ? vector * TLanes.Count : vector / perRow * pitch + vector % perRow * TLanes.Count;
                starts[i] = image * imageStride + at;
            }
        }
    }

    private readonly void RunBlock(Block block)
    {
        // No class has more places in a row or more rows than the first.
        int most = new Vectors(block.Rows, plan.Columns.Places, block.Images, planes.Pitch).Count;
        int chunks = Math.Max(1, (plan.Channels + plan.ChannelsPerChunk - 1) / plan.ChannelsPerChunk);
        int outputs = chunks == 1 ? TLanes.TileRows : weight.First(block.EndPanel) - weight.First(block.Panel);
        nint planesSize = plan.ChannelsPerChunk * planes.ChannelStride, bufferSize = ((nint)outputs * most * TLanes.Count + 15) / 16 * 16;
        byte* memory = (byte*)Scratch.Get((planesSize + bufferSize) * sizeof(T) + most * sizeof(nint) + plan.Taps * (sizeof(nint) + sizeof(TileJump) + sizeof(int)));
        block.Planes = (T*)memory;
        block.Buffer = block.Planes + planesSize;
        block.Starts = (nint*)(block.Buffer + bufferSize);
        block.Offsets = block.Starts + most;
        block.Jumps = (TileJump*)(block.Offsets + plan.Taps);
        block.Numbers = (int*)(block.Jumps + plan.Taps);

        if (chunks == 1) Fill(block, 0);
        if (HasEmptyClasses) Clear(block);
        int tapsBefore = 0;
        for (int rowClass = 0; rowClass < plan.Rows.Classes; rowClass++)
        {
            for (int columnClass = 0; columnClass < plan.Columns.Classes; columnClass++)
            {
                int taps = plan.ListTaps(rowClass, columnClass, planes, block.Numbers, block.Offsets);
                var run = new Vectors(Math.Min(block.Rows, plan.Rows.Count(rowClass) - block.Row), plan.Columns.Count(columnClass), block.Images, planes.Pitch);
                run.List(planes.Pitch, planes.ImageStride, block.Starts);
                for (int chunk = 0; chunk < chunks && taps > 0; chunk++)
                {
                    if (chunks > 1) Fill(block, chunk);
                    for (int panel = block.Panel; panel < block.EndPanel; panel++)
                    {
                        T* buffer = block.Buffer + (chunks == 1 ? 0 : (weight.First(panel) - weight.First(block.Panel)) * run.Count * TLanes.Count);
                        Compute(block, run, buffer, tapsBefore, taps, chunk, panel);
                        if (chunk == chunks - 1) Write(block, run, buffer, rowClass, columnClass, panel);
                    }
                }
                tapsBefore += taps;
            }
        }
    }

    /// <summary>True for the gradient of an image of which a long stride skips some elements: they are in no sum.</summary>
    private readonly bool HasEmptyClasses => plan.Rows.Classes > plan.Rows.Kernel || plan.Columns.Classes > plan.Columns.Kernel || HasGaps(plan.Rows) || HasGaps(plan.Columns);

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
            for (int output = first; output < end; output++) new Span<T>(outputs + output * plan.TargetPlane + from, (int)(to - from)).Clear();
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute(in Block block, in Vectors run, T* buffer, int tapsBefore, int taps, int chunk, int panel)
    {
        int rows = weight.First(panel + 1) - weight.First(panel), channels = ChannelsOf(chunk) * planes.ChannelsPerSource;
        for (int tap = 1; tap < taps; tap++)
            block.Jumps[tap - 1] = new TileJump(0, block.Offsets[tap] - block.Offsets[tap - 1] - channels * planes.Step);
        var tile = new TileOperands<T>
        {
            A = weight.Panel(block.Group, tapsBefore, taps, chunk, panel), ARow = 1, ACol = rows, BRow = planes.Step,
            CRow = (nint)run.Count * TLanes.Count, K = channels, Jumps = block.Jumps, JumpCount = taps - 1, Accumulate = chunk > 0,
        };
        T* first = block.Planes + block.Offsets[0];
        var two = TileKernels<TLanes, TVector, T>.Select(rows, true);
        int vector = 0;
        for (; vector + 2 <= run.Count; vector += 2)
        {
            tile.B = first + block.Starts[vector];
            tile.BNext = block.Starts[vector + 1] - block.Starts[vector];
            tile.C = buffer + (nint)vector * TLanes.Count;
            two(&tile);
        }
        if (vector == run.Count) return;
        tile.B = first + block.Starts[vector];
        tile.C = buffer + (nint)vector * TLanes.Count;
        TileKernels<TLanes, TVector, T>.Select(rows, false)(&tile);
    }

    /// <summary>From the buffer to the target, with the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Write(in Block block, in Vectors run, T* buffer, int rowClass, int columnClass, int panel)
    {
        int first = weight.First(panel), end = weight.First(panel + 1), step = plan.Columns.Classes;
        for (int output = first; output < end; output++, buffer += (nint)run.Count * TLanes.Count)
        {
            T start = bias == null ? T.Zero : bias[block.Group * plan.Outputs + output];
            for (int image = 0; image < block.Images; image++)
            {
                T* from = buffer + image * run.ImageStep;
                T* to = target + (((nint)(block.Image + image) * plan.Groups + block.Group) * plan.Outputs + output) * plan.TargetPlane
                    + ((nint)block.Row * plan.Rows.Classes + rowClass) * plan.Columns.Target + columnClass;
                for (int row = 0; row < run.Rows; row++, from += run.RowStep, to += (nint)plan.Rows.Classes * plan.Columns.Target)
                    ImageRow.Put(from, start, to, step, run.Columns);
            }
        }
    }
}
