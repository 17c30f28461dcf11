namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Convolutions of few channels, which have kernels of their own: channels around multiples of eight, groups, strides, dilations, edges,
/// rows longer than a piece.
/// </summary>
public class DirectConvolutionTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_those_of_the_processor(string name) => Check(Device.Parse(name));

    [Fact]
    public void In_groups_of_a_GPU()
    {
        var device = WideGroups.Device();
        Check(device, 2, 9, 3, 1, 6, 34, 1, 1, 1, DType.Float32);
        Check(device, 6, 4, 5, 2, 7, 8, 1, 1, 0, DType.Float32);
    }

    private static void Check(Device device)
    {
        Check(device, 1, 6, 5, 1, 6, 7, 1, 1, 2);
        Check(device, 6, 16, 5, 1, 6, 6, 1, 1, 0);
        Check(device, 3, 9, 3, 1, 5, 35, 2, 1, 1);
        Check(device, 8, 8, 3, 2, 5, 4, 1, 2, 2);
        Check(device, 10, 15, 1, 5, 3, 3, 1, 1, 0);
        Check(device, 4, 33, 2, 1, 4, 4, 1, 1, 0);          // more channels than are few
        Check(device, 1, 4, 12, 1, 12, 13, 1, 1, 0);        // more taps than fit shared memory at once
        Check(device, 1, 4, 1, 1, 1, 1, 1, 1, 3);           // nearly all of it is edge
    }

    private static void Check(
        Device device, int channels, int outputs, int kernel, int groups, int height, int width, int stride, int dilation, int padding,
        params DType[] dtypes)
    {
        foreach (var dtype in dtypes.Length > 0 ? dtypes : [DType.Float32, DType.Float64])
        {
            string what = $"{channels} → {outputs}, {kernel} × {kernel}, {groups} groups, {height} × {width}, stride {stride}, dilation "
                + $"{dilation}, {dtype.Name()}";
            Tensor image = Tensor.Randn(new Shape(3, channels, height, width), dtype, generator: new Generator(1));
            Tensor weight = Tensor.Randn(new Shape(outputs, channels / groups, kernel, kernel), dtype, generator: new Generator(2)),
                bias = Tensor.Randn(new Shape(outputs), dtype, generator: new Generator(3));
            Tensor x = image.Clone().WithGrad(), w = weight.Clone().WithGrad(), b = bias.Clone().WithGrad();
            Tensor x1 = image.To(device).Clone().WithGrad(), w1 = weight.To(device).Clone().WithGrad(),
                b1 = bias.To(device).Clone().WithGrad();
            Tensor y = x.Conv2d(w, b, stride, padding, dilation, groups), y1 = x1.Conv2d(w1, b1, stride, padding, dilation, groups);
            double tolerance = dtype == DType.Float32 ? 1e-5 : 1e-12;
            Same.Check(what, y, y1, tolerance);
            var factors = Tensor.Randn(y.Shape, dtype, generator: new Generator(4));
            (y * factors).Sum().Backward();
            (y1 * factors.To(device)).Sum().Backward();
            Same.Check("image, " + what, x.Grad!, x1.Grad!, tolerance);
            Same.Check("weight, " + what, w.Grad!, w1.Grad!, tolerance);
            Same.Check("bias, " + what, b.Grad!, b1.Grad!, tolerance);
        }
    }
}
