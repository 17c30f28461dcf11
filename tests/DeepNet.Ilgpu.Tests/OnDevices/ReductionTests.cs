namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Sums along each axis and along several, of lengths around what one thread, one group and one launch take.</summary>
public class ReductionTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_those_of_the_processor(string name)
    {
        foreach (var (rows, columns) in new[] { (1, 3), (3, 1), (7, 10), (300, 2), (33, 31), (5, 70), (1000, 5) })
            Check(Device.Parse(name), rows, columns);
    }

    [Fact]
    public void In_groups_of_a_GPU()
    {
        var device = WideGroups.Device(132);
        foreach (var (rows, columns) in new[] { (64, 10), (300, 33) }) Check(device, rows, columns, DType.Float32);
        var x = Tensor.Randn(new Shape(4500, 9), generator: new Generator(1));
        Same.Check("cut columns", x.To(DType.Float64).Sum(0).To(DType.Float32), x.To(device).Sum(0), 1e-6);
    }

    private static void Check(Device device, int rows, int columns, params DType[] dtypes)
    {
        foreach (var dtype in dtypes.Length > 0 ? dtypes : [DType.Float32, DType.Float64, DType.Int64])
        {
            var x = (Tensor.Randn(new Shape(rows, columns), generator: new Generator(1)) * 9).To(dtype);
            var y = x.To(device);
            Same.Check($"sums of {columns} columns of {rows}", x.Sum(0), y.Sum(0), 1e-6);
            Same.Check($"sums of {rows} rows of {columns}", x.Sum(1), y.Sum(1), 1e-6);
            Same.Check("largest", x.Max(0), y.Max(0), 0);
            Same.Check("in the middle", x.Reshape(1, rows, columns).Sum(1), y.Reshape(1, rows, columns).Sum(1), 1e-6);
            Tensor odd = (x.To(DType.Float32) > 1), there = odd.To(device);
            foreach (int axis in new[] { 0, 1 }) Same.Check("counts", odd.Sum(axis), there.Sum(axis), 0);
            Same.Check("count", odd.Sum(), there.T.CountNonZero(), 0);
            Same.Check("counts of a batch", odd.Reshape(1, rows, columns).Expand(3, rows, columns).Sum([0, 2]),
                there.Reshape(1, rows, columns).Expand(3, rows, columns).Sum([0, 2]), 0);
            var deep = (Tensor.Randn(new Shape(rows, 3, columns), generator: new Generator(2)) * 9).To(dtype);
            Same.Check("of a batch", deep.Sum([0, 2]), deep.To(device).Sum([0, 2]), 1e-6);
        }
    }

    [Fact]
    public void What_is_too_large_to_count_is_done_by_halves()
    {
        var device = WideGroups.Device();
        device.MostCounted = 100;
        try
        {
            Tensor x = Tensor.Randn(new Shape(1, 7, 5, 9), generator: new Generator(1)), there = x.To(device),
                column = Tensor.Randn(new Shape(5, 1), generator: new Generator(2));
            Same.Check("a copy", x.Permute(3, 1, 0, 2).Contiguous(), there.Permute(3, 1, 0, 2).Contiguous(), 0);
            Same.Check("a sum", x + column, there + column.To(device), 0);
            Same.Check(
                "a choice", Tensor.Where(x > column, x, column), Tensor.Where(there > column.To(device), there, column.To(device)), 0);
            device.Fill(there.Permute(3, 1, 0, 2), 2);
            Same.Check("a fill", Tensor.Full(x.Shape, 2f), there, 0);
        }
        finally
        {
            device.MostCounted = int.MaxValue;
        }
    }
}
