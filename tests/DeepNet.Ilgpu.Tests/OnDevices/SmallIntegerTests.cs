namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>The integers of one byte, as on the processor: conversions, arithmetic that wraps, reductions and sorting.</summary>
public class SmallIntegerTests
{
    public static TheoryData<string, DType> Rows => AllDevices.With([DType.UInt8, DType.Int8]);

    private static readonly double[] Values = [0, -0.0, 0.9, -0.9, 1.5, 126.6, 127.5, 128, -128.9, -129, 254.9, 255.5, 256, -300,
        70_000, -70_000, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static Tensor Numbers(DType dtype, ulong seed, params int[] shape)
        => Tensor.RandInt(dtype == DType.UInt8 ? 0 : -128, dtype == DType.UInt8 ? 256 : 128, new Shape(shape), dtype, generator: new(seed));

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Conversions(string name, DType dtype)
    {
        var device = Device.Parse(name);
        Assert.True(device.Supports(dtype));
        foreach (var other in Enum.GetValues<DType>().Where(device.Supports))
        {
            Tensor from = Tensor.From<double>([.. Enumerable.Range(0, 77).Select(i => Values[i % Values.Length])]).To(other),
                bytes = Numbers(dtype, 1, 9, 7);
            Same.Check($"from {other.Name()}", from.To(dtype), from.To(device).To(dtype), 0);
            Same.Check($"to {other.Name()}", bytes.To(other), bytes.To(device).To(other), 0);
            Same.Check($"to {other.Name()}, turned", bytes.T.To(other), bytes.To(device).T.To(other), 0);
        }
        foreach (int value in (int[])[0, 100, dtype == DType.UInt8 ? 255 : -128])
            Same.Check("full", Tensor.Full(new Shape(5), value, dtype), Tensor.Full(new Shape(5), value, dtype, device), 0);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Arithmetic(string name, DType dtype)
    {
        var device = Device.Parse(name);
        Tensor a = Numbers(dtype, 1, 8, 12), b = Numbers(dtype, 2, 8, 12), divisor = Tensor.Where(b.Equal(0), Tensor.OnesLike(b), b);
        foreach (var f in new Func<Tensor, Tensor, Tensor>[]
            {
                (x, y) => x + y, (x, y) => x - y.T.Contiguous().T, (x, y) => x * y[..1], (x, y) => x / (y * y + 1), (x, y) => x > y,
                (x, y) => x.Equal(y), (x, y) => x.Maximum(y), (x, y) => Tensor.Where(x > 3, x, y), (x, y) => Tensor.Cat([x, y], 1),
                (x, y) => x + y.To(DType.Int32), (x, y) => x * y.To(DType.Float32), (x, y) => x.MatMul(y.T),
            })
            Same.Check("binary", f(a, b), f(a.To(device), b.To(device)), 1e-6);
        Same.Check("quotient", a.FloorDivide(divisor), a.To(device).FloorDivide(divisor.To(device)), 0);
        Same.Check("remainder", a % divisor, a.To(device) % divisor.To(device), 0);
        foreach (var f in new Func<Tensor, Tensor>[]
            {
                x => -x, x => x.Abs(), x => x.Square(), x => x.Sign(), x => x + 100, x => 3 - x, x => x * 7, x => x > -1, x => x < 300,
                x => x.Clamp(5, 90), x => x.Sum(), x => x.Sum(0), x => x.Max(1), x => x.Min(), x => x.CumSum(1), x => x.ArgMax(1),
                x => x.ArgMin(0), x => x.Sort(1).Values, x => x.ArgSort(0, descending: true), x => x.Flip(1).T.Contiguous(),
                x => x.Unique(), x => x[x > 3],
            })
            Same.Check("unary", f(a), f(a.To(device)), 1e-6);
    }
}
