using DeepNet.Nn;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Activations that products and convolutions apply to their results, on a device and on the processor.</summary>
public class ActivationTests
{
    // Channels, outputs and side of the kernel and the image: a direct kernel, a product of unfolded images, and one output a thread.
    private static readonly (int Channels, int Outputs, int Kernel, int Side)[] convolutions = [(3, 5, 3, 5), (34, 9, 1, 6), (2, 3, 2, 4)];

    public static TheoryData<string> Rows => AllDevices.Rows;

    public static TheoryData<string, DType> Types => AllDevices.With([DType.Float64, DType.Float32, DType.Float16, DType.BFloat16]);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_activation(string name)
    {
        var device = Device.Parse(name);
        foreach (var type in typeof(Activation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Activation))))
        {
            var constructor = type.GetConstructors()[0];
            var activation = (Activation)constructor.Invoke(
                [.. constructor.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : 0.25)]);
            CheckLinear(device, DType.Float32, activation, hasBias: true);
            CheckConvolution(device, DType.Float32, activation, convolutions[0], hasBias: true);
        }
    }

    [DeviceTheory]
    [MemberData(nameof(Types))]
    public void Every_kernel(string name, DType dtype)
    {
        var device = Device.Parse(name);
        foreach (bool hasBias in new[] { false, true })
            foreach (var activation in new Activation[] { new LeakyRelu(0.2), new Tanh() })
            {
                CheckLinear(device, dtype, activation, hasBias);
                foreach (var sizes in convolutions) CheckConvolution(device, dtype, activation, sizes, hasBias);
            }
    }

    private static void CheckLinear(Device device, DType dtype, Activation activation, bool hasBias)
    {
        foreach (var (rows, outputs) in new[] { (5, 8), (1, 7), (0, 3) })
            Check(
                $"linear {rows} × {outputs}, {activation}", device, dtype, t => t[0].Affine(t[1], hasBias ? t[2] : null, true, activation),
                [rows, 6], [outputs, 6], [outputs]);
    }

    private static void CheckConvolution(
        Device device, DType dtype, Activation activation, (int Channels, int Outputs, int Kernel, int Side) sizes, bool hasBias)
    {
        var (channels, outputs, kernel, side) = sizes;
        Check(
            $"conv2d {sizes}, {activation}", device, dtype, t => t[0].Conv2d(t[1], hasBias ? t[2] : null, activation: activation),
            [2, channels, side, side], [outputs, channels, kernel, kernel], [outputs]);
    }

    private static void Check(string what, Device device, DType dtype, Func<Tensor[], Tensor> compute, params int[][] shapes)
    {
        Tensor[] here = [.. shapes.Select((s, i) => Tensor.Randn(new Shape(s), generator: new Generator((ulong)i + 1)).To(dtype))];
        Tensor[] there = [.. here.Select(t => t.To(device))];
        foreach (var t in dtype.IsHalf() ? [] : here.Concat(there)) t.RequiresGrad = true;
        double tolerance = dtype switch { DType.Float64 => 1e-11, DType.Float32 => 1e-5, DType.Float16 => 1.0 / 256, _ => 1.0 / 32 };
        what = $"{what}, {dtype.Name()}";
        Tensor expected = compute(here), y = compute(there);
        Same.Check(what, expected, y, tolerance);
        using (Autograd.NoGrad()) Same.Check($"{what}, not recorded", y, compute(there), 0);
        if (dtype.IsHalf()) return;
        expected.Sum().Backward();
        y.Sum().Backward();
        for (int i = 0; i < here.Length; i++)
            if (here[i].Grad is { } gradient) Same.Check($"{what}, gradient {i}", gradient, there[i].Grad!, tolerance);
    }
}
