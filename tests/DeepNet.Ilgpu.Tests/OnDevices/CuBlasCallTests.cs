using DeepNet.Devices.Cpu;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// The calls of cuBLAS, carried out here as its documentation has it: C = op(A)·op(B) + β·C, column by column. So the mapping is
/// tested where there is neither the library nor a GPU.
/// </summary>
public class CuBlasCallTests
{
    [Theory]
    [InlineData(3, 5, 4)]
    [InlineData(1, 5, 4)]
    [InlineData(3, 1, 4)]
    [InlineData(3, 5, 1)]
    [InlineData(1, 1, 7)]
    [InlineData(1, 1, 1)]
    public void Every_way_factors_can_lie(int m, int n, int k)
    {
        foreach (bool turnA in new[] { false, true })
            foreach (bool turnB in new[] { false, true })
                foreach (int padding in new[] { 0, 3 })
                    foreach (bool adds in new[] { false, true })
                    {
                        Tensor a = Lying(m, k, turnA, padding), b = Lying(k, n, turnB, padding);
                        Check(a, b, Tensor.Randn(new Shape(m, n), DType.Float64, generator: new Generator(9)), adds);
                    }
    }

    [Fact]
    public void Batches_and_factors_for_all()
    {
        Tensor a = Tensor.Randn(new Shape(4, 3, 5), DType.Float64, generator: new Generator(1)),
            b = Tensor.Randn(new Shape(4, 5, 2), DType.Float64, generator: new Generator(2));
        Check(a, b, Tensor.Zeros(new Shape(4, 3, 2), DType.Float64), adds: false);
        Check(a, b[0], Tensor.Zeros(new Shape(4, 3, 2), DType.Float64), adds: false);
        Check(a.Transpose(1, 2).Contiguous().Transpose(1, 2), b, Tensor.Zeros(new Shape(4, 3, 2), DType.Float64), adds: true);
        Check(a[0], b, Tensor.Zeros(new Shape(4, 3, 2), DType.Float64), adds: false);
    }

    [Fact]
    public void Layouts_that_the_library_does_not_know_are_left_to_the_own_kernel()
    {
        var x = Tensor.Randn(new Shape(6, 8), DType.Float64, generator: new Generator(1));
        Assert.False(
            CuBlasCall.Takes(
                Of(
                    x[0..3, Range.All].View(new Shape(3, 4), [8, 2], 0), x[0..4, 0..2], Tensor.Zeros(new Shape(3, 2), DType.Float64),
                    false)));
        Assert.False(CuBlasCall.Takes(Of(x[0].Expand(3, 8), x.T.Contiguous(), Tensor.Zeros(new Shape(3, 6), DType.Float64), false)));
    }

    [Theory]
    [InlineData(DType.Float32, DType.Float32, MatMulPrecision.Float32, 0, 0, 68)]
    [InlineData(DType.Float32, DType.Float32, MatMulPrecision.TensorFloat32, 0, 0, 77)]
    [InlineData(DType.Float32, DType.Float32, MatMulPrecision.BFloat16, 0, 0, 75)]
    [InlineData(DType.Float64, DType.Float64, MatMulPrecision.TensorFloat32, 1, 1, 70)]
    [InlineData(DType.BFloat16, DType.Float32, MatMulPrecision.Float32, 14, 0, 68)]
    [InlineData(DType.Float16, DType.Float16, MatMulPrecision.TensorFloat32, 2, 2, 68)]
    public void Types_and_precision(DType operands, DType result, MatMulPrecision precision, int type, int resultType, int compute)
    {
        var x = Tensor.Zeros(2, 2);
        var call = CuBlasCall.Of(operands, result, Of(x, x, x, false), precision);
        Assert.Equal((type, resultType, compute), (call.Type, call.ResultType, call.Compute));
    }

    private static Tensor Lying(int rows, int columns, bool isTurned, int padding)
    {
        if (isTurned) return Lying(columns, rows, false, padding).T;
        return Tensor.Randn(new Shape(rows, columns + padding), DType.Float64, generator: new Generator((ulong)(rows * 10 + columns)))
            .Narrow(1, 0, columns);
    }

    private static IlgpuDevice.Product Of(Tensor a, Tensor b, Tensor c, bool adds)
    {
        var batch = new MatrixBatch(a, b, c);
        return new IlgpuDevice.Product(batch, (int)batch.Nest.Inner, adds) { AtA = a.Offset, AtB = b.Offset, AtC = c.Offset };
    }

    private static unsafe void Check(Tensor a, Tensor b, Tensor c, bool adds)
    {
        var expected = adds ? c + a.MatMul(b) : a.MatMul(b);
        var product = Of(a, b, c, adds);
        if (!CuBlasCall.Takes(product)) return;          // a row of one element, which has no line: the own kernel's
        var call = CuBlasCall.Of(DType.Float64, DType.Float64, product, MatMulPrecision.Float32);
        Gemm(
            call, (double*)b.Storage.Address + product.AtB, (double*)a.Storage.Address + product.AtA,
            (double*)c.Storage.Address + product.AtC, adds ? 1 : 0);
        Same.Check($"({string.Join(", ", a.Shape.Axes.ToArray())}) × ({string.Join(", ", b.Shape.Axes.ToArray())})", expected, c, 1e-14);
    }

    private static unsafe void Gemm(in CuBlasCall call, double* first, double* second, double* result, double beta)
    {
        // The library refuses lines shorter than a column.
        Assert.True(call.LineFirst >= Math.Max(1, call.OpFirst == 0 ? call.Rows : call.Depth));
        Assert.True(call.LineSecond >= Math.Max(1, call.OpSecond == 0 ? call.Depth : call.Columns));
        Assert.True(call.LineResult >= Math.Max(1, call.Rows));
        for (int matrix = 0; matrix < call.Count; matrix++)
            for (int j = 0; j < call.Columns; j++)
                for (int i = 0; i < call.Rows; i++)
                {
                    double sum = 0;
                    for (int l = 0; l < call.Depth; l++)
                    {
                        double x = first[matrix * call.StepFirst
                            + (call.OpFirst == 0 ? i + (long)l * call.LineFirst : l + (long)i * call.LineFirst)];
                        double y = second[matrix * call.StepSecond
                            + (call.OpSecond == 0 ? l + (long)j * call.LineSecond : j + (long)l * call.LineSecond)];
                        sum += x * y;
                    }
                    double* at = result + matrix * call.StepResult + i + (long)j * call.LineResult;
                    *at = beta == 0 ? sum : sum + beta * *at;
                }
    }
}
