using System.Numerics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The gradient of the image: products of the transposed weight with that of the result say what every tap gives back, and each
/// input gathers from the taps that read it. A task is a block of one image's channels, so no two write to the same place.
/// </summary>
internal unsafe struct ConvolutionImage<T> : IParallelBody where T : unmanaged, INumberBase<T>
{
    public Lattice Lattice;
    public T* Image, Weight, Result;
    private int channelsPerBlock, blocks, rowsPerBlock;

    public void RunAll()
    {
        (channelsPerBlock, blocks) = ConvolutionBlocks.Channels(Lattice);
        (rowsPerBlock, _) = ConvolutionBlocks.Rows(Lattice, channelsPerBlock * Lattice.Kernel);
        WorkerPool.ForEach((nint)Lattice.Batch * Lattice.Groups * blocks, ref this);
    }

    public readonly void Run(nint from, nint to)
    {
        for (nint task = from; task < to; task++)
        {
            int block = (int)(task % blocks), group = (int)(task / blocks % Lattice.Groups), image = (int)(task / blocks / Lattice.Groups);
            int first = block * channelsPerBlock;
            RunBlock(image, group, first, Math.Min(channelsPerBlock, Lattice.InPerGroup - first));
        }
    }

    private readonly void RunBlock(int image, int group, int first, int channels)
    {
        int outputs = Lattice.OutPerGroup, depth = Lattice.InPerGroup * Lattice.Kernel, taps = channels * Lattice.Kernel;
        T* x = Image + ((nint)image * Lattice.In + group * Lattice.InPerGroup + first) * Lattice.ImagePlane;
        T* w = Weight + (nint)group * outputs * depth + first * Lattice.Kernel;
        T* y = Result + ((nint)image * Lattice.Out + group * outputs) * Lattice.ResultPlane;
        if (Lattice.IsPointwise)
        {
            AnyGemm.Run(w, 1, depth, y, Lattice.ResultPlane, 1, x, Lattice.ImagePlane, channels, (int)Lattice.ResultPlane, outputs, false);
            return;
        }
        for (int channel = 0; channel < channels; channel++) new Span<T>(x + channel * Lattice.ImagePlane, (int)Lattice.ImagePlane).Clear();
        T* given = (T*)Scratch.GetOuter((nint)taps * rowsPerBlock * Lattice.Columns.Output * sizeof(T));
        for (int row = 0; row < Lattice.Rows.Output; row += rowsPerBlock)
        {
            int end = Math.Min(row + rowsPerBlock, Lattice.Rows.Output), positions = (end - row) * Lattice.Columns.Output;
            AnyGemm.Run(w, 1, depth, y + (nint)row * Lattice.Columns.Output, Lattice.ResultPlane, 1, given, positions, taps, positions, outputs, false);
            Lowering.Scatter(Lattice, given, channels, row, end, x);
        }
    }
}
