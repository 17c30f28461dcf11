using BenchmarkDotNet.Attributes;

namespace DeepNet.Bench.Kernels;

/// <summary>Matrix products by shape and by which operand is transposed.</summary>
[MemoryDiagnoser]
public class GemmKernels
{
    private Tensor a = Tensor.Zeros(1), b = Tensor.Zeros(1);

    /// <summary>Rows, columns and depth.</summary>
    [Params("64x128x784", "256x256x256", "1024x1024x1024", "1x128x784", "2048x16x64")]
    public string Size { get; set; } = "";

    /// <summary>Whose memory is read across: n for neither, a, b or ab.</summary>
    [Params("n", "a", "b", "ab")]
    public string Turned { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        CpuDevice.Threads = 1;
        int[] mnk = [.. Size.Split('x').Select(int.Parse)];
        a = Turned.Contains('a') ? Tensor.Randn(new Shape(mnk[2], mnk[0])).T : Tensor.Randn(new Shape(mnk[0], mnk[2]));
        b = Turned.Contains('b') ? Tensor.Randn(new Shape(mnk[1], mnk[2])).T : Tensor.Randn(new Shape(mnk[2], mnk[1]));
    }

    [Benchmark]
    public void Product() => a.MatMul(b).Dispose();
}
