namespace DeepNet.Ops;

/// <summary>
/// Adds every element to the place in the image that it came from; or, the other way round, takes the elements from these places.
/// Each is the derivative of the other.
/// </summary>
internal sealed class Unpool(PoolGrid grid, Tensor places, bool isGather, bool ofPixels) : Operator
{
    public override string Name => isGather ? "max_pool2d_gather" : "max_pool2d_scatter";

    protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
    {
        var x = inputs[0];
        if (isGather) return Gathered(x);
        var y = ofPixels ? Tensor.AllocateChannelsLast(grid.Image, x.DType, x.Device) : Tensor.Allocate(grid.Image, x.DType, x.Device);
        y.Kernels.PoolImages(PoolKind.MaxAdjoint, grid, x, y, places);
        return y;
    }

    // Met in second derivatives alone: places become indices, and images rows of a gather.
    private Tensor Gathered(Tensor x)
    {
        var y = Tensor.Allocate(grid.Result, x.DType, x.Device);
        if (y.Count == 0) return y;
        var rows = x.Contiguous().Reshape((int)grid.Planes, -1);
        var index = places.Contiguous().To(DType.Int64).Reshape((int)grid.Planes, -1);
        y.Kernels.Gather(rows, IndexedAxis.Elements(rows.Shape, 1, index), index, y);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, new Unpool(grid, places, !isGather, ofPixels).Apply(gradient));
}
