using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>How the lowered form of a convolution is cut, so that a block of it stays in the second-level cache. Never a matter of threads.</summary>
internal static class ConvolutionBlocks
{
    private const int Elements = 1 << 16;

    /// <summary>A product needs some rows to run at full speed; below that many channels the rows of the image are cut instead.</summary>
    private const int LeastChannels = 16;

    private const int WantedTasks = 16, MostPartial = 1 << 22;

    /// <summary>Output rows a block, for <paramref name="depth"/> taps, and how many blocks that makes: all about equally large.</summary>
    public static (int Rows, int Blocks) Rows(in Lattice lattice, int depth)
        => Even(lattice.Rows.Output, Elements / Math.Max(1, (long)depth * lattice.Columns.Output));

    /// <summary>Channels a block, and how many blocks that makes.</summary>
    public static (int Channels, int Blocks) Channels(in Lattice lattice)
        => Even(lattice.InPerGroup, Math.Max(LeastChannels, Elements / Math.Max(1, lattice.Kernel * (long)lattice.ResultPlane)));

    /// <summary>Into how many runs of images the gradient of the weight is split: enough tasks for many threads, but not much memory.</summary>
    public static int Runs(in Lattice lattice)
    {
        var (_, blocks) = Channels(lattice);
        long tasks = (long)lattice.Groups * blocks, weights = Math.Max(1, (long)lattice.Out * lattice.InPerGroup * lattice.Kernel);
        return (int)Math.Max(1, Math.Min(Math.Min(lattice.Batch, (WantedTasks + tasks - 1) / tasks), MostPartial / weights));
    }

    private static (int Each, int Blocks) Even(int all, long wanted)
    {
        int most = (int)Math.Clamp(wanted, 1, Math.Max(1, all)), blocks = Math.Max(1, (all + most - 1) / most);
        return (Math.Max(1, (all + blocks - 1) / blocks), blocks);
    }
}
