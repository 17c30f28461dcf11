using System.Diagnostics;
using DeepNet.Tracing;

namespace DeepNet.Onnx.RuntimeTests;

/// <summary>The time of each kernel, by name and operands.</summary>
internal sealed class Profile : Recorder
{
    private readonly Dictionary<string, (double Milliseconds, int Count, double Flops)> kernels = [];

    public override void Ran(Kernel kernel, long start, long end)
    {
        string key = $"{kernel.Name} {string.Join(' ', kernel.Operands.OfType<Tensor>().Select(x => x.Shape))}";
        var (time, count, flops) = kernels.GetValueOrDefault(key);
        kernels[key] = (time + Stopwatch.GetElapsedTime(start, end).TotalMilliseconds, count + 1, flops + kernel.Flops);
    }

    public void Print(int runs)
    {
        Console.WriteLine($"{kernels.Values.Sum(kernel => kernel.Milliseconds) / runs:F1} ms in kernels");
        foreach (var (name, kernel) in kernels.OrderByDescending(entry => entry.Value.Milliseconds).Take(25))
            Console.WriteLine(
                $"{kernel.Milliseconds / runs,8:F2} ms {kernel.Count / runs,4}× "
                + $"{kernel.Flops / kernel.Milliseconds / 1e6,6:F1} GFlops {name}");
    }
}
