using DeepNet.Nn;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Kernels that see whole rows: one thread a row, several rows a group and several groups' worth of a row; rows that begin anywhere; no
/// rows at all.
/// </summary>
public class RowTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_those_of_the_processor(string name)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            foreach (var (rows, length) in new[] { (5, 1), (7, 3), (33, 10), (3, 31), (2, 33), (2, 1000), (1, 4097), (0, 5) })
                Check(Device.Parse(name), rows, length, dtype);
    }

    [Fact]
    public void In_groups_of_a_GPU()
    {
        foreach (var (rows, length) in new[] { (40, 10), (2, 68) }) Check(WideGroups.Device(), rows, length, DType.Float32);
    }

    private static void Check(Device device, int rows, int length, DType dtype)
    {
        double tolerance = dtype == DType.Float32 ? 1e-5 : 1e-12;
        var all = Tensor.Randn(new Shape(rows + 1, length), dtype, generator: new Generator(1)) * 3;
        Tensor there = all.To(device), factors = Tensor.Randn(new Shape(rows, length), dtype, generator: new Generator(2)),
            onDevice = factors.To(device);
        var labels = Tensor.RandInt(0, length, new Shape(rows), generator: new Generator(3));
        LayerNorm norm = new(length), other = new(length);
        foreach (var one in new[] { norm, other }) one.To(dtype);
        other.To(device);
        foreach (int start in new[] { 0, 1 })               // the second row begins anywhere
        {
            Tensor x = all[start..(start + rows)].Clone().WithGrad(), y = there[start..(start + rows)].Clone().WithGrad();
            string what = $"{rows} × {length} from {start}, {dtype.Name()}: ";
            Tensor viewX = all[start..(start + rows)], viewY = there[start..(start + rows)];
            Same.Check(what + "softmax of a view", viewX.Softmax(1), viewY.Softmax(1), tolerance);
            Same.Check(what + "sums of a view", viewX.Sum(1), viewY.Sum(1), tolerance);
            Same.Check(what + "largest", viewX.Max(1), viewY.Max(1), 0);
            Same.Check(what + "where", viewX.ArgMax(1), viewY.ArgMax(1), 0);
            Same.Check(what + "log-sum-exp", viewX.LogSumExp(1), viewY.LogSumExp(1), tolerance);
            Both(what + "softmax", x, y, factors, onDevice, t => t.Softmax(1), tolerance);
            Both(what + "log-softmax", x, y, factors, onDevice, t => t.LogSoftmax(1), tolerance);
            Both(
                what + "layer norm", x, y, factors, onDevice, t
                    => (t.Device == device ? other : norm).Forward(t), length == 1 ? 1e-3 : 10 * tolerance);
            foreach (var (a, b) in norm.Parameters().Zip(other.Parameters()))
                Same.Check(what + "its parameters", a.Grad!, b.Grad!, 10 * tolerance);
            if (rows > 0)
                Same.Check(
                    what + "cross-entropy", Loss.CrossEntropy(viewX, labels), Loss.CrossEntropy(viewY, labels.To(device)), tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_added_where_indices_say(string name)
    {
        var device = Device.Parse(name);
        foreach (var (rows, inner, count) in new[] { (5, 3, 150), (3, 70, 64), (70, 5, 65) })
        {
            Tensor index = Tensor.RandInt(-rows, rows, new Shape(count), generator: new Generator(1)),
                source = Tensor.Randn(new Shape(count, inner), generator: new Generator(2));
            Tensor target = Tensor.Randn(new Shape(rows, inner), generator: new Generator(3)), there = target.To(device);
            Same.Check(
                $"{count} into {rows} rows of {inner}", target.IndexAdd(0, index, source),
                there.IndexAdd(0, index.To(device), source.To(device)), 1e-5);
            Same.Check("taken", target.IndexSelect(0, index), there.IndexSelect(0, index.To(device)), 0);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Become_columns_by_tiles(string name)
    {
        var device = Device.Parse(name);
        foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.BFloat16, DType.Bool })
            foreach (var (a, b, c) in new[] { (1, 8, 8), (3, 33, 40), (2, 64, 9), (2, 7, 50) })
            {
                var x = (Tensor.Randn(new Shape(a, b, c), generator: new Generator(1)) * 4).To(dtype);
                var y = x.To(device);
                Same.Check($"{a}, {b}, {c}", x.Permute(0, 2, 1).Contiguous(), y.Permute(0, 2, 1).Contiguous(), 0);
                Same.Check("all axes turned", x.Permute(2, 1, 0).Contiguous(), y.Permute(2, 1, 0).Contiguous(), 0);
                Same.Check("a part", x[.., 1.., 1..].Permute(0, 2, 1).Contiguous(), y[.., 1.., 1..].Permute(0, 2, 1).Contiguous(), 0);
            }
    }

    private static void Both(
        string what, Tensor x, Tensor y, Tensor factors, Tensor onDevice, Func<Tensor, Tensor> function, double tolerance)
    {
        x.ZeroGrad();
        y.ZeroGrad();
        Tensor a = function(x), b = function(y);
        Same.Check(what, a, b, tolerance);
        (a * factors).Sum().Backward();
        (b * onDevice).Sum().Backward();
        Same.Check(what + ", gradient", x.Grad!, y.Grad!, tolerance);
    }
}
