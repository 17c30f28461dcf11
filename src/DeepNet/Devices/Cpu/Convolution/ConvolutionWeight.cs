using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The gradient of the weight, transposed (taps × outputs): what the taps read, by the gradient of the result. Images are split
/// into a number of runs that is a matter of the shapes alone; each run has a sum of its own, and the sums are added in order.
/// </summary>
internal unsafe struct ConvolutionWeight<T> : IParallelBody where T : unmanaged, INumberBase<T>
{
    public Lattice Lattice;
    public T* Image, Result, Partial;
    private int channelsPerBlock, blocks, rowsPerBlock, runs;

    public void RunAll()
    {
        (channelsPerBlock, blocks) = ConvolutionBlocks.Channels(Lattice);
        (rowsPerBlock, _) = ConvolutionBlocks.Rows(Lattice, channelsPerBlock * Lattice.Kernel);
        runs = ConvolutionBlocks.Runs(Lattice);
        WorkerPool.ForEach((nint)runs * Lattice.Groups * blocks, ref this);
    }

    public readonly void Run(nint from, nint to)
    {
        for (nint task = from; task < to; task++)
        {
            int block = (int)(task % blocks), group = (int)(task / blocks % Lattice.Groups), run = (int)(task / blocks / Lattice.Groups);
            int first = block * channelsPerBlock;
            RunBlock(run, group, first, Math.Min(channelsPerBlock, Lattice.InPerGroup - first));
        }
    }

    private readonly void RunBlock(int run, int group, int first, int channels)
    {
        int outputs = Lattice.OutPerGroup, depth = Lattice.InPerGroup * Lattice.Kernel, taps = channels * Lattice.Kernel;
        T* sum = Partial + (((nint)run * Lattice.Groups + group) * depth + (nint)first * Lattice.Kernel) * outputs;
        int image = (int)((long)Lattice.Batch * run / runs), endImage = (int)((long)Lattice.Batch * (run + 1) / runs);
        if (image == endImage) new Span<T>(sum, taps * outputs).Clear();
        T* scratch = Lattice.IsPointwise ? null : (T*)Scratch.GetOuter((nint)taps * rowsPerBlock * Lattice.Columns.Output * sizeof(T));
        for (bool adds = false; image < endImage; image++)
        {
            T* x = Image + ((nint)image * Lattice.In + group * Lattice.InPerGroup + first) * Lattice.ImagePlane;
            T* y = Result + ((nint)image * Lattice.Out + group * outputs) * Lattice.ResultPlane;
            for (int row = 0; row < Lattice.Rows.Output; row += rowsPerBlock, adds = true)
            {
                int end = Math.Min(row + rowsPerBlock, Lattice.Rows.Output), positions = (end - row) * Lattice.Columns.Output;
                nint at = (nint)row * Lattice.Columns.Output;
                if (scratch != null) Lowering.Gather(Lattice, x, channels, row, end, scratch);
                T* read = scratch == null ? x + at : scratch;
                AnyGemm.Run(read, scratch == null ? Lattice.ImagePlane : positions, 1, y + at, 1, Lattice.ResultPlane, sum, outputs, taps, outputs, positions, adds);
            }
        }
    }

    /// <summary>Adds the sums of the runs and transposes the total into the weight's layout.</summary>
    public readonly void Finish(T* weight)
    {
        int outputs = Lattice.OutPerGroup, depth = Lattice.InPerGroup * Lattice.Kernel;
        nint whole = (nint)Lattice.Groups * depth * outputs;
        for (int group = 0; group < Lattice.Groups; group++)
        {
            for (int tap = 0; tap < depth; tap++)
            {
                T* from = Partial + ((nint)group * depth + tap) * outputs, to = weight + (nint)group * outputs * depth + tap;
                for (int i = 0; i < outputs; i++, to += depth)
                {
                    T sum = from[i];
                    for (int run = 1; run < runs; run++) sum += from[run * whole + i];
                    *to = sum;
                }
            }
        }
    }
}
