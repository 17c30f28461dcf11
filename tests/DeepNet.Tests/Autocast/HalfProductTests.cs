using DeepNet.Nn;

namespace DeepNet.Tests;

/// <summary>Products of half types: as exact as float32 sums of the rounded operands are, and rounded once.</summary>
public class HalfProductTests
{
    // Half a unit of what stays.
    private static double Unit(DType dtype) => dtype == DType.BFloat16 ? 1.0 / 256 : 1.0 / 2048;

    private static Tensor Values(DType dtype, ulong seed, params int[] shape)
        => Tensor.Randn(new Shape(shape), generator: new Generator(seed)).To(dtype);

    [Theory]
    [InlineData(DType.BFloat16, 1, 1, 1)]
    [InlineData(DType.BFloat16, 7, 33, 5)]
    [InlineData(DType.BFloat16, 64, 300, 65)]
    [InlineData(DType.BFloat16, 1, 100, 17)]
    [InlineData(DType.Float16, 7, 33, 5)]
    [InlineData(DType.Float16, 64, 300, 65)]
    [InlineData(DType.Float16, 19, 40, 1)]
    public void IsTheProductOfTheRoundedOperandsRoundedOnce(DType dtype, int m, int k, int n)
    {
        Tensor a = Values(dtype, 1, m, k), b = Values(dtype, 2, k, n);
        var c = a.MatMul(b);
        Assert.Equal(dtype, c.DType);
        double[] exact = a.To(DType.Float64).MatMul(b.To(DType.Float64)).ToArray<double>();
        double[] sizes = a.To(DType.Float64).Abs().MatMul(b.To(DType.Float64).Abs()).ToArray<double>();
        double[] actual = c.ToArray<double>();
        // |c − ab| ≤ u·|ab| for the one rounding, and k·2⁻²⁴·Σ|a·b| for the sums.
        for (int i = 0; i < exact.Length; i++)
            Assert.True(
                Math.Abs(actual[i] - exact[i]) <= Unit(dtype) * Math.Abs(exact[i]) + (k + 1) * Math.Pow(2, -24) * sizes[i],
                $"{i}: {actual[i]} and {exact[i]}");
        Assert.Equal(a.To(DType.Float32).MatMul(b.To(DType.Float32)).To(dtype).ToArray(), c.ToArray());
    }

    [Fact]
    public void LayoutsAndBatchesAreReadWhereTheyLie()
    {
        Tensor a = Values(DType.BFloat16, 1, 3, 1, 5, 7), b = Values(DType.BFloat16, 2, 2, 9, 7);
        var c = a.MatMul(b.Transpose(-1, -2));
        Assert.Equal([3, 2, 5, 9], c.Shape.Axes.ToArray());
        Assert.Equal(Wide(a).MatMul(Wide(b).Transpose(-1, -2)).To(DType.BFloat16).ToArray(), c.ToArray());
        Tensor x = Values(DType.Float16, 3, 6, 4), w = Values(DType.Float16, 4, 9, 4),
            bias = Tensor.Randn(new Shape(9), generator: new Generator(5));
        Assert.Equal(
            Wide(x).Affine(Wide(w), bias, transposed: true).To(DType.Float16).ToArray(), x.Affine(w, bias, transposed: true).ToArray());
        Assert.Equal(Wide(x).T.MatMul(Wide(x)).To(DType.Float16).ToArray(), x.T.MatMul(x).ToArray());
        Assert.Equal(0, x.MatMul(Tensor.Zeros(4, 0).To(DType.Float16)).Count);
        Assert.All(Tensor.Zeros(2, 0).To(DType.Float16).MatMul(Tensor.Zeros(0, 3).To(DType.Float16)).ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void LargeMatricesGoThroughInBlocksWithTheSameBits()
    {
        Tensor a = Values(DType.BFloat16, 1, 1040, 2100), b = Values(DType.BFloat16, 2, 2100, 1030);
        using var scope = Memory.Scope();
        var whole = Wide(a).MatMul(Wide(b)).To(DType.BFloat16);
        Assert.Equal(whole.ToArray(), a.MatMul(b).ToArray());
        int threads = CpuDevice.Threads;
        CpuDevice.Threads = 1;
        try
        {
            Assert.Equal(whole.ToArray(), a.T.Contiguous().T.MatMul(b).ToArray());
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float16)]
    public void ConvolutionsAndAttentionToo(DType dtype)
    {
        Tensor image = Values(dtype, 1, 2, 4, 9, 8), weight = Values(dtype, 2, 6, 4, 3, 3),
            bias = Tensor.Randn(new Shape(6), generator: new Generator(3));
        var y = image.Conv2d(weight, bias, padding: 1);
        Assert.Equal(Wide(image).Conv2d(Wide(weight), bias, padding: 1).To(dtype).ToArray(), y.ToArray());
        Assert.Equal(dtype, y.DType);
        var up = y.ConvTranspose2d(weight, stride: 2);
        Assert.Equal(Wide(y).ConvTranspose2d(Wide(weight), stride: 2).To(dtype).ToArray(), up.ToArray());
        Tensor q = Values(dtype, 4, 2, 3, 5, 8), k = Values(dtype, 5, 2, 3, 7, 8), v = Values(dtype, 6, 2, 3, 7, 8);
        var attended = Attention.ScaledDotProduct(q, k, v, isCausal: true);
        Assert.Equal(dtype, attended.DType);
        Assert.Equal(Attention.ScaledDotProduct(Wide(q), Wide(k), Wide(v), isCausal: true).To(dtype).ToArray(), attended.ToArray());
    }

    [Fact]
    public void FormulasThatKeepHalvesRoundOnceAndTheOthersStayFloat32()
    {
        Tensor x = Values(DType.BFloat16, 1, 5, 301), y = Values(DType.BFloat16, 2, 5, 301), row = Values(DType.BFloat16, 3, 301);
        Keeps(x.Gelu(), Wide(x).Gelu());
        Keeps(x.T.Relu(), Wide(x).T.Relu());
        Keeps(x * 0.3, Wide(x) * 0.3);
        Keeps(1 - x, 1 - Wide(x));
        Keeps(x + y, Wide(x) + Wide(y));
        Keeps(x * row, Wide(x) * Wide(row));
        Keeps(x.T / y.T, Wide(x).T / Wide(y).T);
        Keeps(x.Apply(new Ops.Then<Ops.Tanh, Ops.Neg>(default, default)), -Wide(x).Tanh());
        foreach (var wide in new[] { x.Exp(), x.Abs().Log(), x.Square(), x.Sum(), x.Softmax(-1), x.Mean(0), x + Wide(y), x.CumSum(0) })
            Assert.Equal(DType.Float32, wide.DType);
        Assert.Equal(DType.Bool, (x > 0).DType);

        static void Keeps(Tensor actual, Tensor wide)
        {
            Assert.Equal(DType.BFloat16, actual.DType);
            Assert.Equal(wide.To(DType.BFloat16).ToArray(), actual.ToArray());
        }
    }

    [Fact]
    public void PoolingAndDropoutKeepTheType()
    {
        var x = Values(DType.BFloat16, 1, 2, 3, 7, 6);
        var a = Wide(x).WithGrad();
        Tensor F(Tensor y) => new Dropout(0.3, new Generator(9)).Forward(y.MaxPool2d(3, stride: 2, padding: 1));
        var low = F(a.To(DType.BFloat16));
        Assert.Equal(DType.BFloat16, low.DType);
        Assert.Equal(F(Wide(x)).To(DType.BFloat16).ToArray(), low.ToArray());
        Wide(low).Sum().Backward();
        float[] actual = a.Grad!.ToArray();
        a.ZeroGrad();
        F(a).Sum().Backward();
        Assert.All(actual.Zip(a.Grad!.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1 / 64f));
    }

    [Fact]
    public void LargeFormulasDoNotDependOnThreads()
    {
        Tensor x = Values(DType.Float16, 1, 70_001), y = Values(DType.Float16, 2, 70_001);
        var expected = (Wide(x) * Wide(y)).To(DType.Float16).Sigmoid().ToArray();
        int threads = CpuDevice.Threads;
        try
        {
            foreach (int count in new[] { 1, 2 })
            {
                CpuDevice.Threads = count;
                Assert.Equal(expected, (x * y).Sigmoid().ToArray());
            }
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    private static Tensor Wide(Tensor x) => x.To(DType.Float32);
}
