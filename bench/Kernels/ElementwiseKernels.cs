using BenchmarkDotNet.Attributes;

namespace DeepNet.Bench.Kernels;

/// <summary>Formulas over vectors that fit the first cache, the second, and none.</summary>
[MemoryDiagnoser]
public class ElementwiseKernels
{
    private Tensor x = Tensor.Zeros(1), y = Tensor.Zeros(1);

    /// <summary>How many numbers.</summary>
    [Params(1 << 10, 1 << 16, 1 << 24)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        CpuDevice.Threads = 1;
        (x, y) = (Tensor.Randn(new Shape(Length)), Tensor.Randn(new Shape(Length)));
    }

    [Benchmark]
    public void Add() => (x + y).Dispose();

    [Benchmark]
    public void Exp() => x.Exp().Dispose();

    [Benchmark]
    public void Tanh() => x.Tanh().Dispose();

    [Benchmark]
    public void Gelu() => x.Gelu().Dispose();

    [Benchmark]
    public void Sum() => x.Sum().Dispose();
}
