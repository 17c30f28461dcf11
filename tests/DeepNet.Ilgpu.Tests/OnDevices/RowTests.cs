using DeepNet.Nn;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Kernels that see whole rows: one thread a row, several rows a group and several groups' worth of a row; rows that begin anywhere; no rows at all.</summary>
public class RowTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Are_those_of_the_processor(string name)
    {
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            foreach (var (rows, length) in new[] { (5, 1), (7, 3), (33, 10), (3, 31), (2, 33), (2, 1000), (1, 4097), (0, 5) }) Check(Device.Parse(name), rows, length, dtype);
    }

    [Fact]
    public void In_groups_of_a_GPU()
    {
        foreach (var (rows, length) in new[] { (70, 10), (5, 31), (3, 68), (1, 1000) }) Check(WideGroups.Device(), rows, length, DType.Float32);
    }

    private static void Check(Device device, int rows, int length, DType dtype)
    {
        double tolerance = dtype == DType.Float32 ? 1e-5 : 1e-12;
        var all = Tensor.Randn(new Shape(rows + 1, length), dtype, generator: new Generator(1)) * 3;
        Tensor there = all.To(device), factors = Tensor.Randn(new Shape(rows, length), dtype, generator: new Generator(2)), onDevice = factors.To(device);
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
            Both(what + "layer norm", x, y, factors, onDevice, t => (t.Device == device ? other : norm).Forward(t), length == 1 ? 1e-3 : 10 * tolerance);
            foreach (var (a, b) in norm.Parameters().Zip(other.Parameters())) Same.Check(what + "its parameters", a.Grad!, b.Grad!, 10 * tolerance);
            if (rows > 0) Same.Check(what + "cross-entropy", Loss.CrossEntropy(viewX, labels), Loss.CrossEntropy(viewY, labels.To(device)), tolerance);
        }
    }

    private static void Both(string what, Tensor x, Tensor y, Tensor factors, Tensor onDevice, Func<Tensor, Tensor> function, double tolerance)
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
