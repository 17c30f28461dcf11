namespace DeepNet.Tests.Operators;

public class VolumeConvolutionTests
{
    [Fact]
    public void A_volume_of_one_slice_is_an_image()
    {
        var x = Tensor.Randn(new Shape(2, 3, 1, 5, 4), generator: new Generator(1));
        var weight = Tensor.Randn(new Shape(4, 3, 1, 3, 3), generator: new Generator(2));
        var y = x.Conv3d(weight, padding: (0, 1, 1));
        Assert.Equal(new Shape(2, 4, 1, 5, 4), y.Shape);
        Assert.Equal(x.Squeeze(2).Conv2d(weight.Squeeze(2), padding: 1).ToArray(), y.ToArray());
    }

    [Fact]
    public void Nothing_and_single_volumes_are_convolved_too()
    {
        var weight = Tensor.Ones(2, 3, 2, 2, 2);
        Assert.Equal(new Shape(0, 2, 3, 3, 3), Tensor.Zeros(0, 3, 4, 4, 4).Conv3d(weight).Shape);
        Assert.Equal([24, 24], Tensor.Ones(3, 2, 2, 2).Conv3d(weight).ToArray());
        Assert.Equal(new Shape(3, 3, 3, 3), Tensor.Ones(2, 2, 2, 2).ConvTranspose3d(weight).Shape);
    }

    [Fact]
    public void Pools_see_windows_across_slices()
    {
        var x = Tensor.Arange(0, 27).To(DType.Float32).Reshape(1, 1, 3, 3, 3);
        Assert.Equal([13, 14, 16, 17, 22, 23, 25, 26], x.MaxPool3d(2, stride: 1).ToArray());
        Assert.Equal([6.5f, 7.5f, 9.5f, 10.5f, 15.5f, 16.5f, 18.5f, 19.5f], x.AvgPool3d(2, stride: 1).ToArray());
        Assert.Equal([13], x.AdaptiveAvgPool3d(1).ToArray());
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        static string Of(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        var weight = Tensor.Ones(2, 3, 2, 2, 2);
        Assert.StartsWith("[conv3d] volume (3, 3) and weight (2, 3, 2, 2, 2): the volume must be (N, C, D, H, W)",
            Of(() => Tensor.Zeros(3, 3).Conv3d(weight)));
        Assert.StartsWith("[conv3d] volume (1, 4, 2, 2, 2) and weight (2, 3, 2, 2, 2) with 1 groups: the volume has 4 channels",
            Of(() => Tensor.Zeros(1, 4, 2, 2, 2).Conv3d(weight)));
        Assert.Equal("[conv3d] image (1, 3, 1, 2, 2): the kernel reaches over 2 (dilation 1) and the depth is only 1 + 2 · 0.",
            Of(() => Tensor.Zeros(1, 3, 1, 2, 2).Conv3d(weight)));
        Assert.StartsWith("[max_pool3d] volume (2, 2): it must be (N, C, D, H, W)", Of(() => Tensor.Zeros(2, 2).MaxPool3d(2)));
        Assert.StartsWith("[max_pool3d] image (1, 1, 1, 2, 2): the window reaches over 2 and the depth",
            Of(() => Tensor.Zeros(1, 1, 1, 2, 2).MaxPool3d(2)));
    }
}
