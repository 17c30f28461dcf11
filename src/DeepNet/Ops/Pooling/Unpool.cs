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
        var y = ofPixels && !isGather ? Tensor.AllocateChannelsLast(grid.Image, x.DType, x.Device) : Tensor.Allocate(isGather ? grid.Result : grid.Image, x.DType, x.Device);
        if (isGather) y.Device.PoolGather(x, places, y);
        else y.Device.PoolScatter(grid, x, places, y);
        return y;
    }

    protected override void Vjp(Tensor gradient) => Give(0, new Unpool(grid, places, !isGather, ofPixels).Apply(gradient));
}
