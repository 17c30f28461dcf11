namespace DeepNet.Tests.Operators;

public class PatchTests
{
    [Fact]
    public void A_convolution_is_a_product_of_its_windows()
    {
        var x = Tensor.Randn(new Shape(2, 3, 5, 6), DType.Float64, generator: new Generator(1));
        var weight = Tensor.Randn(new Shape(4, 3, 2, 3), DType.Float64, generator: new Generator(2));
        var columns = x.Unfold2d((2, 3), stride: (2, 1), padding: (1, 2), dilation: (1, 2));
        var product = weight.Reshape(4, -1).MatMul(columns);
        var direct = x.Conv2d(weight, stride: (2, 1), padding: new Pair(1, 2), dilation: new Pair(1, 2));
        double[] expected = direct.ToArray<double>(), actual = product.ToArray<double>();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }

    [Fact]
    public void Folding_counts_how_often_windows_meet()
    {
        var columns = Tensor.Ones(1, 4, 4);
        Assert.Equal([1, 2, 1, 2, 4, 2, 1, 2, 1], columns.Fold2d((3, 3), 2).ToArray());
    }

    [Fact]
    public void Pixels_come_back()
    {
        var x = Tensor.Randn(2, 8, 3, 2);
        Assert.Equal(x.ToArray(), x.PixelShuffle(2).PixelUnshuffle(2).ToArray());
        Assert.Equal([0, 1, 2, 3], Tensor.From<float>([0, 1, 2, 3], new Shape(4, 1, 1)).PixelShuffle(2).ToArray());
        Assert.Equal(new Shape(0, 1, 4, 4), Tensor.Zeros(0, 4, 2, 2).PixelShuffle(2).Shape);
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        static string Of(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Equal("[unfold2d] image (1, 2, 3, 4): the kernel reaches over 5 (dilation 2) and the height is only 3 + 2 · 0.",
            Of(() => Tensor.Zeros(1, 2, 3, 4).Unfold2d(3, dilation: 2)));
        Assert.EndsWith("make 2 × 2 windows, so the shape must be (N, C · 4, 4).",
            Of(() => Tensor.Zeros(1, 4, 5).Fold2d((3, 3), 2)));
        Assert.Equal("[pixel_shuffle] image (1, 6, 2, 2): its 6 channels are no multiple of 2² = 4.",
            Of(() => Tensor.Zeros(1, 6, 2, 2).PixelShuffle(2)));
        Assert.Equal("[pixel_unshuffle] image (1, 3, 2): height and width must be multiples of 2.",
            Of(() => Tensor.Zeros(1, 3, 2).PixelUnshuffle(2)));
    }
}
