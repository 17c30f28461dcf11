namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Scans of axes so long that they are cut into pieces.</summary>
public class ScanTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Long_axes_are_those_of_the_processor(string name)
    {
        var device = Device.Parse(name);
        foreach (int[] shape in new[] { new[] { 1003 }, [2, 777], [600, 3], [2, 513, 2] })
        {
            int axis = shape.Length == 1 ? 0 : shape[0] == 600 ? 0 : 1;
            var x = Tensor.Randn(new Shape(shape), generator: new Generator(3));
            foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            {
                var here = x.To(dtype);
                Same.Check("sums", here.CumSum(axis), here.To(device).CumSum(axis), dtype == DType.Float64 ? 1e-13 : 1e-6);
                var factors = here * 0.1 + 1;
                Same.Check("products", factors.CumProd(axis), factors.To(device).CumProd(axis), dtype == DType.Float64 ? 1e-12 : 1e-5);
            }
            var whole = (x * 100).To(DType.Int64);
            Assert.Equal(whole.CumSum(axis).ToArray<long>(), whole.To(device).CumSum(axis).ToArray<long>());
            Tensor there = x.To(device).WithGrad(), again = x.Clone().WithGrad();
            (there.CumSum(axis).Square().Sum() * 0.01).Backward();
            (again.CumSum(axis).Square().Sum() * 0.01).Backward();
            Same.Check("gradient", again.Grad!, there.Grad!, 1e-5);
            Assert.Equal(there.CumSum(axis).ToArray(), there.CumSum(axis).ToArray());
        }
    }

    [Theory]
    [InlineData(511, 1, 1)]            // short
    [InlineData(1 << 20, 1 << 15, 1)]  // enough columns
    [InlineData(1 << 20, 1, 1024)]
    [InlineData(1024, 4, 16)]
    [InlineData(1 << 20, 1 << 12, 8)]
    public void Axes_are_cut_where_columns_are_few(long length, long columns, long pieces)
        => Assert.Equal(pieces, IlgpuDevice.ScanPieces(length, columns));
}
