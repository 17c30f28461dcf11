using DeepNet.Devices.Cpu;
using DeepNet.Ops;
using DeepNet.Tests.Operators;

namespace DeepNet.Tests.Cpu;

/// <summary>Results that are too large for the caches are written past them, with the same bits as small ones.</summary>
public sealed class StreamedTests
{
    // Rows of 1000 numbers and one: the last vector of everything is a part.
    private const int Rows = 4100, Columns = 1008;

    [Fact]
    public void MapsAndSumsOfLargeTensorsAreThoseOfTheirParts()
    {
        Tensor a = Probe.Random(1, DType.Float32, 64, 1001).Expand(64, 64, 1001).Reshape(-1), b = a + 1;
        Tensor exp = a.Exp(), sum = a + b;
        for (int start = 0; start < a.Count; start += 1 << 20)
        {
            var part = start..(int)Math.Min(start + (1 << 20), a.Count);
            Assert.Equal(a[part].Exp().ToArray(), exp[part].ToArray());
            Assert.Equal((a[part] + b[part]).ToArray(), sum[part].ToArray());
        }
    }

    [Fact]
    public void LayerNormsOfLargeTensorsAreThoseOfTheirRows()
    {
        var x = Probe.Random(1, DType.Float32, 1, Columns).Expand(Rows, Columns) * Tensor.Linspace(1, 2, Rows).Reshape(Rows, 1);
        Tensor weight = Probe.Random(2, DType.Float32, Columns), bias = Probe.Random(3, DType.Float32, Columns), g = x * 0.5f;
        var (y, dx) = Run(x, weight, bias, g);
        for (int row = 0; row < Rows; row += 1025)
        {
            var rows = row..Math.Min(row + 1025, Rows);
            var (part, slope) = Run(x[rows], weight, bias, g[rows]);
            Assert.Equal(part.ToArray(), y[rows].ToArray());
            Assert.Equal(slope.ToArray(), dx[rows].ToArray());
        }
    }

    [Fact]
    public unsafe void SmallOrMisalignedResultsAreNot()
    {
        Assert.True(Streamed.Pays<W128, float>(8 << 20, 2, (float*)64));
        Assert.False(Streamed.Pays<W128, float>(1 << 20, 2, (float*)64));
        Assert.False(Streamed.Pays<W128, float>(8 << 20, 2, (float*)72));
        Assert.False(Streamed.Pays<F64, double>(8 << 20, 2, (double*)64));
    }

    private static (Tensor Y, Tensor Dx) Run(Tensor x, Tensor weight, Tensor bias, Tensor g)
    {
        (x, weight) = (x.Detach().WithGrad(), weight.Detach().WithGrad());
        var y = Normalize.Of(x, new(1, x.Shape[0], Columns, true, true), weight, bias, 1e-5);
        y.Backward(g);
        return (y, x.Grad!);
    }
}
