using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>Convolution as matrix products: weight (outputs × taps) by what the taps read (taps × outputs' positions), a block of output rows a task.</summary>
internal unsafe struct ConvolutionResult<T> : IParallelBody where T : unmanaged
{
    public Lattice Lattice;
    public T* Image, Weight, Bias, Result;
    private int rowsPerBlock, blocks;

    public void RunAll()
    {
        int depth = Lattice.InPerGroup * Lattice.Kernel;
        (rowsPerBlock, blocks) = ConvolutionBlocks.Rows(Lattice, depth);
        WorkerPool.ForEach((nint)Lattice.Batch * Lattice.Groups * blocks, ref this);
    }

    public readonly void Run(nint from, nint to)
    {
        for (nint task = from; task < to; task++)
        {
            int block = (int)(task % blocks), group = (int)(task / blocks % Lattice.Groups), image = (int)(task / blocks / Lattice.Groups);
            int first = block * rowsPerBlock, end = Math.Min(first + rowsPerBlock, Lattice.Rows.Output);
            RunBlock(image, group, first, end);
        }
    }

    private readonly void RunBlock(int image, int group, int first, int end)
    {
        int channels = Lattice.InPerGroup, outputs = Lattice.OutPerGroup, depth = channels * Lattice.Kernel;
        int positions = (end - first) * Lattice.Columns.Output;
        nint at = (nint)first * Lattice.Columns.Output;
        T* x = Image + ((nint)image * Lattice.In + group * channels) * Lattice.ImagePlane;
        T* w = Weight + (nint)group * outputs * depth;
        T* y = Result + ((nint)image * Lattice.Out + group * outputs) * Lattice.ResultPlane + at;
        for (int i = 0; i < outputs && Bias != null; i++) new Span<T>(y + i * Lattice.ResultPlane, positions).Fill(Bias[group * outputs + i]);

        T* read = x + at;
        nint row = Lattice.ImagePlane;
        if (!Lattice.IsPointwise)
        {
            read = (T*)Scratch.GetOuter((nint)depth * positions * sizeof(T));
            row = positions;
            Lowering.Gather(Lattice, x, channels, first, end, read);
        }
        AnyGemm.Run(w, depth, 1, read, row, 1, y, Lattice.ResultPlane, outputs, positions, depth, Bias != null);
    }
}
