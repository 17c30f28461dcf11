using System.Diagnostics;
using DeepNet.Ilgpu;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench.Gpu;

/// <summary>The figures that decide whether a GPU is used well, each printed as it is found.</summary>
internal sealed class Measures(Device device, bool small, Dictionary<string, double> torch)
{
    private const int Rounds = 7;

    private double copyRate;

    /// <summary>What the figures are held against.</summary>
    public Marks Marks { get; } = new(!small && device.Kind is (DeviceKind.Cuda or DeviceKind.OpenCL));

    /// <summary>What an operator costs when there is next to nothing to compute.</summary>
    public void Launch()
    {
        var x = Tensor.Ones(new Shape(8), device: device);
        Report("launch", Time(() =>
        {
            using var scope = DeepNet.Memory.Scope();
            for (int i = 0; i < 100; i++) _ = x + x;
        }) / 100, 0, "", seconds => Marks.AtMost("launch", seconds * 1e6, 8, "µs"));
    }

    /// <summary>Elementwise kernels against a copy within the device.</summary>
    public void Bandwidth()
    {
        int n = small ? 1 << 16 : 1 << 26;
        Tensor x = Tensor.Rand(new Shape(n), device: device), y = Tensor.Rand(new Shape(n), device: device);
        void Case(string name, int streams, Func<Tensor> run)
        {
            double seconds = Time(() =>
            {
                using var scope = DeepNet.Memory.Scope();
                _ = run();
            }), bytes = 4.0 * streams * n;
            if (name == "copy") copyRate = bytes / seconds;
            bool isElementwise = name is "add" or "exp" or "gelu" or "row";
            Report(
                name, seconds, bytes / 1e9, "GB/s", isElementwise ? _
                    => Marks.AtLeast(name, bytes / seconds / copyRate, 0.85, "of a copy") : null);
        }
        Case("copy", 2, x.Clone);
        Case("add", 3, () => x + y);
        var row = Tensor.Rand(new Shape(1024), device: device);
        Case("row", 2, () => x.Reshape(n / 1024, 1024) + row);
        Case("exp", 2, x.Exp);
        Case("gelu", 2, x.Gelu);
        Case("sum", 1, () => x.Sum());
        Case("sum of rows", 1, () => x.Reshape(n / 1024, 1024).Sum(1));
        Case("sum of columns", 1, () => x.Reshape(n / 1024, 1024).Sum(0));
        Case("softmax", 2, () => x.Reshape(n / 1024, 1024).Softmax(1));
        var norm = new LayerNorm(1024);
        norm.To(device);
        using (Autograd.NoGrad()) Case("layer norm", 2, () => norm.Forward(x.Reshape(n / 1024, 1024)));
        Case("running sums", 2, () => x.CumSum(0));
    }

    /// <summary>Float32 products: with the vendor's library in its three ways, and with our own kernel.</summary>
    public void MatMul()
    {
        foreach (int n in small ? [64] : new[] { 512, 1024, 4096 })
        {
            Tensor a = Tensor.Randn(new Shape(n, n), device: device), b = Tensor.Randn(new Shape(n, n), device: device);
            void Case(string name, double mark = 0) => Report($"{name} {n}", Time(() =>
            {
                using var scope = DeepNet.Memory.Scope();
                _ = a.MatMul(b);
            }), 2.0 * n * n * n / 1e12, "TFLOP/s", n == 4096 && mark > 0 ? BesideTorch($"{name} {n}", mark) : null);
            if ((device.Capabilities & DeviceCapabilities.MatrixLibrary) != 0)
            {
                foreach (var precision in Enum.GetValues<MatMulPrecision>())
                {
                    IlgpuDevices.MatMulPrecision = precision;
                    if (precision == MatMulPrecision.Float32) Case("matmul", 0.95);
                    else Case($"matmul {precision}");
                }
                IlgpuDevices.MatMulPrecision = MatMulPrecision.Float32;
                IlgpuDevices.UsesMatrixLibrary = false;
            }
            Case("matmul, own kernel", 0.35);
            IlgpuDevices.UsesMatrixLibrary = true;
        }
    }

    /// <summary>Whole training steps.</summary>
    public void Steps()
    {
        foreach (int batch in small ? [4] : new[] { 64, 1024 })
        {
            Step($"mlp {batch}", new Sequential(new Linear(784, 128, activation: new Relu()), new Linear(128, 10)), new Shape(batch, 784));
            Step($"lenet {batch}", new Sequential(
                new Conv2d(1, 6, 5, padding: 2, activation: new Relu()), new MaxPool2d(2),
                new Conv2d(6, 16, 5, activation: new Relu()), new MaxPool2d(2), new Flatten(),
                new Linear(400, 120, activation: new Relu()), new Linear(120, 84, activation: new Relu()), new Linear(84, 10)),
                new Shape(batch, 1, 28, 28));
        }
    }

    private void Step(string name, Module model, Shape shape) => Report(name, Time(StepOf(model, shape)), 0, "", BesideTorch(name, 1));

    /// <summary>
    /// A step of a small transformer over letters: four layers of 256, sequences of 128, 32 at a time, the norm of gradients clipped.
    /// </summary>
    public void Gpt()
    {
        int batch = small ? 2 : 32, steps = small ? 8 : 128, width = small ? 16 : 256;
        var model = new Letters(65, steps, width, heads: 4, layers: small ? 1 : 4);
        model.To(device);
        var optimizer = new AdamW(model.Parameters(), learningRate: 1e-3) { ClipNorm = 1 };
        Tensor x = Tensor.RandInt(0, 65, new Shape(batch, steps), device: device),
            labels = Tensor.RandInt(0, 65, new Shape(batch * steps), device: device);
        Report("char-gpt", Time(() =>
        {
            using var scope = DeepNet.Memory.Scope();
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(x).Reshape(batch * steps, 65), labels).Backward();
            optimizer.Step();
        }), 0, "", BesideTorch("char-gpt", 0.8));
    }

    private Action StepOf(Module model, Shape shape)
    {
        model.To(device);
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-3);
        Tensor x = Tensor.Randn(shape, device: device), labels = Tensor.RandInt(0, 10, new Shape(shape[0]), device: device);
        return () =>
        {
            using var scope = DeepNet.Memory.Scope();
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(x), labels).Backward();
            optimizer.Step();
        };
    }

    /// <summary>Memory over a long run without any scope: it must not grow.</summary>
    public void Memory(int steps)
    {
        if (small) steps = Math.Min(steps, 50);
        var model = new Sequential(new Linear(784, 128, activation: new Relu()), new Linear(128, 10));
        model.To(device);
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-3);
        Tensor x = Tensor.Randn(new Shape(small ? 4 : 64, 784), device: device),
            labels = Tensor.RandInt(0, 10, new Shape(x.Shape[0]), device: device);
        long early = 0, most = 0;
        for (int i = 0; i < steps; i++)
        {
            optimizer.ZeroGrad();
            Loss.CrossEntropy(model.Forward(x), labels).Backward();
            optimizer.Step();
            if (i == steps / 10) early = device.Memory.ReservedBytes;
            most = Math.Max(most, device.Memory.ReservedBytes);
        }
        device.Synchronize();
        Console.WriteLine(
            $"memory                    {early / 1048576.0:F1} MiB after {steps / 10} steps, at most {most / 1048576.0:F1} MiB in {steps}"
            + Marks.AtMost("memory", most / (double)early, 1.05, "times what a tenth of the steps took"));
    }

    /// <summary>
    /// Seconds a call: the median of rounds of as many calls as take a tenth of a second, each round waited for at its end.
    /// </summary>
    private double Time(Action action)
    {
        action();
        device.Synchronize();
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < 0.05; calls++)
        {
            action();
            device.Synchronize();
        }
        calls = Math.Max(1, 2 * calls);
        var times = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++) action();
            device.Synchronize();
            times[round] = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
        }
        Array.Sort(times);
        return times[Rounds / 2];
    }

    /// <summary>A mark that is a share of PyTorch's speed; none where PyTorch has no figure.</summary>
    private Func<double, string>? BesideTorch(string name, double mark)
        => torch.TryGetValue(name, out double other) ? seconds => Marks.AtLeast(name, other / seconds, mark, "of PyTorch's speed") : null;

    private void Report(string name, double seconds, double work, string unit, Func<double, string>? mark = null)
    {
        string rate = unit.Length == 0 ? "" : $"{work / seconds,10:F1} {unit}";
        string beside = torch.TryGetValue(name, out double other) ? $"   PyTorch {other * 1e6,10:F1} µs, ratio {other / seconds:F2}" : "";
        Console.WriteLine($"{name,-24} {seconds * 1e6,12:F1} µs {rate}{beside}{mark?.Invoke(seconds)}");
    }
}
