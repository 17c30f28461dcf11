using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// Half types on a device: sums in float32 and one rounding, as on the processor. The last bit of what is rounded may differ where sums do.
/// </summary>
public class HalfTests
{
    public static TheoryData<string, DType> Rows => AllDevices.With([DType.BFloat16, DType.Float16]);

    private static readonly Formula relu = Formula.Of(new Ops.Relu());

    // A unit of the last place of the largest element.
    private static double Unit(DType dtype) => dtype == DType.BFloat16 ? 1.0 / 128 : 1.0 / 1024;

    private static Tensor Values(DType dtype, ulong seed, params int[] shape)
        => Tensor.Randn(new Shape(shape), generator: new Generator(seed)).To(dtype);

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Products(string name, DType dtype)
    {
        var device = Device.Parse(name);
        Assert.True(device.Supports(dtype));
        foreach (var (m, k, n) in new[] { (1, 1, 1), (5, 17, 9), (33, 40, 20) })
        {
            Tensor a = Values(dtype, 1, m, k), b = Values(dtype, 2, n, k);
            Same.Check($"{m} × {k} × {n}", a.MatMul(b.T), a.To(device).MatMul(b.To(device).T), Unit(dtype));
        }
        Tensor x = Values(dtype, 3, 3, 1, 4, 6), y = Values(dtype, 4, 2, 6, 5),
            bias = Tensor.Randn(new Shape(5), generator: new Generator(5));
        Same.Check("batches", x.MatMul(y), x.To(device).MatMul(y.To(device)), Unit(dtype));
        Tensor rows = Values(dtype, 6, 7, 6), w = Values(dtype, 7, 5, 6);
        Same.Check("affine", rows.Affine(w, bias, transposed: true), rows.To(device)
            .Affine(w.To(device), bias.To(device), transposed: true), Unit(dtype));
        var there = rows.To(device).Affine(w.To(device), bias.To(device), true, relu);
        Same.Check("affine and relu", rows.Affine(w, bias, true, relu), there, Unit(dtype));
        Same.Check("in float32", Affine.Of(rows, w, bias, true, isWide: true),
            Affine.Of(rows.To(device), w.To(device), bias.To(device), true, isWide: true), 1e-6);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Formulas(string name, DType dtype)
    {
        var device = Device.Parse(name);
        Tensor x = Values(dtype, 1, 6, 11), y = Values(dtype, 2, 6, 11), row = Values(dtype, 3, 11);
        foreach (var f in new Func<Tensor,
            Tensor>[] { v => v.Relu(), v => v.Gelu(), v => v.Silu(), v => v.Tanh(), v => v.Sigmoid(), v => -v.T, v => v * 0.3 + 1,
                v => 2 / v, v => v.Exp(), v => v.Softmax(-1), v => v.Sum(0) })
            Same.Check("unary", f(x), f(x.To(device)), f(x).DType.IsHalf() ? Unit(dtype) : 1e-5);
        foreach (var f in new Func<Tensor, Tensor,
            Tensor>[] { (a, b) => a + b, (a, b) => a * b, (a, b) => a - b[..1], (a, b) => a.T.Maximum(b.T),
                (a, b) => Tensor.Where(a > 0, a, b), (a, b) => Tensor.Cat([a, b], 1) })
            Same.Check("binary", f(x, y), f(x.To(device), y.To(device)), 0);
        var image = Values(dtype, 4, 2, 3, 6, 5);
        Same.Check("pooling", image.MaxPool2d(2), image.To(device).MaxPool2d(2), 0);
        Same.Check(
            "dropout", new Nn.Dropout(0.3, new Generator(2)).Forward(x), new Nn.Dropout(0.3, new Generator(2)).Forward(x.To(device)), 0);
        Same.Check("row", x * row, x.To(device) * row.To(device), 0);
    }

    public static TheoryData<string, DType, string> Gradients
    {
        get
        {
            var rows = new TheoryData<string, DType, string>();
            foreach (string name in AllDevices.Names)
                foreach (var dtype in new[] { DType.BFloat16, DType.Float16 })
                    foreach (string kind in new[] { "linear", "conv", "conv and pooling", "grouped conv", "transposed conv", "attention",
                        "lstm", "gru" }) rows.Add(name, dtype, kind);
            return rows;
        }
    }

    [DeviceTheory]
    [MemberData(nameof(Gradients))]
    public void Gradients_in_a_region(string name, DType dtype, string kind)
    {
        var device = Device.Parse(name);
        Tensor[] Run(Device on)
        {
            Module model = kind switch
            {
                "linear" => new Linear(6, 4, generator: new Generator(1)),
                "conv" => new Conv2d(2, 8, 3, padding: 1, generator: new Generator(1)),
                "conv and pooling" => new Sequential(
                    new Conv2d(2, 8, 3, padding: 1, generator: new Generator(1)), new Nn.Relu(), new MaxPool2d(3, 2),
                    new Nn.Dropout(0.2, new Generator(5))),
                "grouped conv" => new Conv2d(2, 4, 3, groups: 2, generator: new Generator(1)),
                "transposed conv" => new ConvTranspose2d(2, 8, 3, stride: 2, generator: new Generator(1)),
                "attention" => new MultiHeadAttention(6, 2, generator: new Generator(1)),
                "lstm" => new Lstm(6, 3, generator: new Generator(1)),
                _ => new Gru(6, 3, generator: new Generator(1)),
            };
            model.To(on);
            var x = Tensor.Randn(
                kind.Contains("conv", StringComparison.Ordinal) ? new Shape(2, 2, 6, 6) : new Shape(3, 2, 6), generator: new Generator(2))
                    .To(on).WithGrad();
            Tensor y;
            using (Autocast.To(dtype)) y = ((Layer)model).Forward(x);
            (y * Tensor.Randn(y.Shape, generator: new Generator(3)).To(on)).Gelu().Sum().Backward();
            return [y, x.Grad!, .. model.Parameters().Select(p => p.Grad!)];
        }

        Tensor[] expected = Run(Device.Cpu), actual = Run(device);
        for (int i = 0; i < expected.Length; i++) Same.Check($"{kind}, {i}", expected[i], actual[i], Unit(dtype));
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Second_derivatives(string name, DType dtype)
    {
        Tensor Run(Device on)
        {
            Tensor x = Tensor.Randn(new Shape(5, 6), generator: new Generator(1)).To(on),
                w = (Tensor.Randn(new Shape(6, 4), generator: new Generator(2)) * 0.5).To(on).WithGrad();
            Tensor loss;
            using (Autocast.To(dtype)) loss = x.Affine(w).Tanh().Square().Sum();
            var g = Autograd.Grad(loss, [w], createGraph: true)[0];
            return Autograd.Grad(g.Square().Sum(), [w])[0];
        }

        Same.Check("second derivative", Run(Device.Cpu), Run(Device.Parse(name)), 2 * Unit(dtype));
    }
}
