using DeepNet.Nn;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Normalisation by channels whose elements are cut into pieces: even and odd rows, one image and many, a mean far from zero.
/// </summary>
public class ChannelNormTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_those_of_the_processor(string name)
    {
        var device = Device.Parse(name);
        foreach (var (images, channels, side) in new[] { (9, 3, 4), (5, 2, 5), (1, 4, 6), (64, 1, 1) })
        {
            Tensor all = Tensor.Randn(new Shape(images, channels, side, side), generator: new Generator(1)) * 2 + 50,
                factors = Tensor.Randn(all.Shape, generator: new Generator(2));
            Tensor x = all.Clone().WithGrad(), y = all.To(device).Clone().WithGrad();
            BatchNorm2d one = new(channels), other = new(channels);
            other.To(device);
            Tensor a = one.Forward(x), b = other.Forward(y);
            string what = $"{images} images of {channels} channels of {side} × {side}";
            Same.Check(what, a, b, 2e-5);
            (a * factors).Sum().Backward();
            (b * factors.To(device)).Sum().Backward();
            Same.Check(what + ", gradient", x.Grad!, y.Grad!, 2e-5);
            foreach (var (p, q) in one.Parameters().Zip(other.Parameters())) Same.Check(what + ", parameters", p.Grad!, q.Grad!, 2e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Random_numbers_are_the_processors_wherever_they_begin(string name)
    {
        var device = Device.Parse(name);
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            for (int n = 1; n < 14; n++)
            {
                Assert.Equal(
                    Tensor.Rand(new Shape(n), dtype, generator: new Generator(5)).ToArray<double>(),
                    Tensor.Rand(new Shape(n), dtype, device, generator: new Generator(5)).ToArray<double>());
                Tensor x = Tensor.Ones(new Shape(16), dtype), y = x.To(device);
                for (int start = 0; start < 3; start++)
                {
                    double[] Dropped(Tensor t) => new Dropout(0.5, new Generator(7)).Forward(t.Narrow(0, start, n)).ToArray<double>();
                    Assert.Equal(Dropped(x), Dropped(y));
                }
                var whole = (Tensor.Randn(new Shape(16), generator: new Generator(3)) * 9).To(dtype);
                foreach (var to in new[] { DType.BFloat16, DType.Float16, DType.Int32, DType.Int64, DType.Float64, DType.Float32 })
                    Assert.Equal(
                        whole.Narrow(0, n % 3, n).To(to).ToArray<double>(), whole.To(device).Narrow(0, n % 3, n).To(to).ToArray<double>());
            }
    }
}
