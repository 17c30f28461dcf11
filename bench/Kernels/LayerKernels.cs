using BenchmarkDotNet.Attributes;
using DeepNet.Nn;

namespace DeepNet.Bench.Kernels;

/// <summary>Layers forward and backward: one fused kernel each.</summary>
public class LayerKernels
{
    private readonly Tensor rows = Tensor.Randn(new Shape(1024, 512)).WithGrad(),
        images = Tensor.Randn(new Shape(32, 32, 16, 16)).WithGrad();
    private readonly Tensor sequence = Tensor.Randn(new Shape(32, 16, 64)).WithGrad(),
        heads = Tensor.Randn(new Shape(16, 4, 128, 32)).WithGrad();
    private readonly LayerNorm layerNorm = new(512);
    private readonly BatchNorm2d batchNorm = new(32);
    private readonly Conv2d convolution = new(32, 32, 3, padding: 1);
    private readonly Lstm lstm = new(64, 128, batchFirst: true);
    private readonly Gru gru = new(64, 128, batchFirst: true);

    public LayerKernels() => CpuDevice.Threads = 1;

    [Benchmark]
    public void LayerNorm() => There(rows, layerNorm.Forward);

    [Benchmark]
    public void BatchNorm() => There(images, batchNorm.Forward);

    [Benchmark]
    public void Convolution3x3() => There(images, convolution.Forward);

    [Benchmark]
    public void Softmax() => There(rows, x => x.Softmax(1));

    [Benchmark]
    public void CausalAttention() => There(heads, x => Attention.ScaledDotProduct(x, x, x, isCausal: true));

    [Benchmark]
    public void Lstm() => There(sequence, x => lstm.Forward(x));

    [Benchmark]
    public void Gru() => There(sequence, x => gru.Forward(x));

    private static void There(Tensor x, Func<Tensor, Tensor> function)
    {
        using var step = Memory.Scope();
        x.ZeroGrad();
        var y = function(x);
        y.Backward(Tensor.Ones(y.Shape));
    }
}
