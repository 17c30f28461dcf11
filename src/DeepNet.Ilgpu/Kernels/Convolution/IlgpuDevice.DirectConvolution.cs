namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>
    /// True for convolutions of few channels, which a direct kernel does in one pass: where eight channels a thread would mostly stand
    /// idle, or a result has more pixels than 32 bits count, they are done otherwise.
    /// </summary>
    private static bool IsDirect(in ConvolutionGeometry at, int channels)
    {
        const int Few = 32;
        long pixels = at.Batch * Math.Max(at.ResultPlane, at.ImagePlane);
        return channels >= 4 && at.InPerGroup <= Few && at.OutPerGroup <= Few && at.Kernel <= DirectConvolution.MostTaps
            && pixels < int.MaxValue - Folding.MostThreads;
    }

    /// <summary>
    /// Threads of a group so that there are enough groups: not many more pixels than that are some networks' whole batch.
    /// </summary>
    private int DirectThreads(long pixels, long blocks)
    {
        _ = Accelerator;
        int threads = GroupSize;
        while (threads > 64 && (pixels + threads - 1) / threads * blocks < 2 * Processors) threads /= 2;
        return threads;
    }

    private static long Eights(int channels) => (channels + DirectConvolution.Channels - 1) / DirectConvolution.Channels;

    private void DirectConvolve<TOp, V, T>(TOp op, in ConvolutionGeometry at, Tensor x, Tensor w, Tensor? bias, Tensor result)
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        long pixels = at.Batch * at.ResultPlane, blocks = Eights(at.OutPerGroup);
        int threads = DirectThreads(pixels, blocks * at.Groups);
        long tiles = (pixels + threads - 1) / threads;
        GroupLauncher<DirectConvolveJob<TOp, V, T>>.Run(this, new DirectConvolveJob<TOp, V, T>
        {
            Op = op, Image = View<T>(x), Weight = View<T>(w), Bias = View<T>(bias ?? w), Result = View<T>(result), S = new(at),
            Share = new() { Tiles = tiles, Blocks = blocks },
            Each = DirectConvolution.MostTaps / at.Kernel, HasBias = bias is null ? 0 : 1,
        }, tiles * blocks * at.Groups, threads);
    }

    private void DirectConvolveImage<V, T>(in ConvolutionGeometry at, Tensor g, Tensor w, Tensor image)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        long pixels = at.Batch * at.ImagePlane, blocks = Eights(at.InPerGroup);
        int threads = DirectThreads(pixels, blocks * at.Groups);
        long tiles = (pixels + threads - 1) / threads;
        GroupLauncher<DirectConvolveImageJob<V, T>>.Run(this, new DirectConvolveImageJob<V, T>
        {
            Result = View<T>(g), Weight = View<T>(w), Image = View<T>(image), S = new(at), Share = new() { Tiles = tiles, Blocks = blocks },
            ByKernel = at.Kernel, ByImagePlane = at.ImagePlane, Each = DirectConvolution.MostTaps / at.Kernel,
        }, tiles * blocks * at.Groups, threads);
    }

    private void DirectConvolveWeight<V, T>(in ConvolutionGeometry at, Tensor x, Tensor g, Tensor weight)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        _ = Accelerator;
        const int Warp = 32, LeastChunks = 2;
        long blocks = Eights(at.OutPerGroup), taps = at.InPerGroup * at.Kernel;
        long across = Math.Min(GroupSize, (taps + Warp - 1) / Warp * Warp), tapBlocks = (taps + across - 1) / across;
        int lanes = 1;
        while (2 * lanes * across <= GroupSize) lanes *= 2;
        // Shares of the result's rows, so that groups fill the device but have a few chunks each.
        long inRow = (at.Columns.Output + DirectConvolution.Width - 1) / DirectConvolution.Width,
            pieces = (long)at.Batch * at.Rows.Output * inRow;
        long groups = tapBlocks * blocks * at.Groups, chunks = (pieces + DirectConvolution.Pieces - 1) / DirectConvolution.Pieces;
        long splits = Math.Clamp(4L * Processors / groups, 1, (chunks + LeastChunks - 1) / LeastChunks),
            each = (chunks + splits - 1) / splits * DirectConvolution.Pieces;
        splits = (pieces + each - 1) / each;
        var parts = splits == 1 ? weight : Temporary(weight.DType, checked((int)splits), checked((int)weight.Count));
        GroupLauncher<DirectConvolveWeightJob<V, T>>.Run(this, new DirectConvolveWeightJob<V, T>
        {
            Image = View<T>(x), Result = View<T>(g), Parts = View<T>(parts), S = new(at), TapBlocks = tapBlocks, Blocks = blocks,
            Sections = at.Groups, Across = across,
            InRow = inRow, Lanes = lanes, Pieces = (int)pieces, Each = (int)each,
        }, groups * splits, (int)(across * lanes));
        if (splits == 1) return;
        Reduce(new Identity(), new AddUp(), parts, weight.Detach().Reshape(1, (int)weight.Count));
        Done(parts);
    }
}
