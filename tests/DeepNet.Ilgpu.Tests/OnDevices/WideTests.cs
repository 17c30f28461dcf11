using DeepNet.Nn;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Kernels that take four elements at a time: lengths around multiples of four, operands that begin anywhere, rows and numbers that repeat.
/// </summary>
public class WideTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Every_length_and_every_beginning(string name)
    {
        var device = Device.Parse(name);
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.BFloat16 }.Where(device.Supports))
        {
            var all = (Tensor.Randn(new Shape(40), generator: new Generator(1)) * 9).To(dtype);
            var there = all.To(device);
            foreach (int start in new[] { 0, 1, 2, 4, 8 })
                for (int n = 1; n < 19; n++)
                {
                    Tensor x = all.Narrow(0, start, n), y = there.Narrow(0, start, n);
                    Assert.Equal((x + x).ToArray<double>(), (y + y).ToArray<double>());
                    Assert.Equal((x * 3).ToArray<double>(), (y * 3).ToArray<double>());
                    Assert.Equal(x.ToArray<double>(), y.Clone().ToArray<double>());
                    if (n > 1) Assert.Equal(x.Abs().ToArray<double>(), y.Abs().ToArray<double>());
                }
        }
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Rows_that_repeat(string name)
    {
        var device = Device.Parse(name);
        foreach (int width in new[] { 1, 3, 4, 6, 8, 12 })
        {
            Tensor x = Tensor.Randn(new Shape(5, width), generator: new Generator(1)),
                row = Tensor.Randn(new Shape(width), generator: new Generator(2));
            Tensor a = x.Clone().WithGrad(), b = row.Clone().WithGrad(), c = x.To(device).Clone().WithGrad(),
                d = row.To(device).Clone().WithGrad();
            Same.Check("a row", a * b - row, c * d - row.To(device), 0);
            (a * b).Sum().Backward();
            (c * d).Sum().Backward();
            Same.Check("its gradient", b.Grad!, d.Grad!, 1e-6);
            Same.Check("the other", a.Grad!, c.Grad!, 0);
            var layer = new Linear(width, width, generator: new Generator(3));
            var expected = layer.Forward(x);
            layer.To(device);
            Same.Check("a linear layer", expected, layer.Forward(x.To(device)), 1e-6);
            Same.Check("sums", x.Sum(1), x.To(device).Sum(1), 1e-6);
            Same.Check("sums of a part", x[1..].Sum(1), x.To(device)[1..].Sum(1), 1e-6);
        }
    }
}
