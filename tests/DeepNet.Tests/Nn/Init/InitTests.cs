using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class InitTests
{
    private static Tensor Weight => Tensor.Empty(new Shape(200, 300), DType.Float64);

    private static Generator Random => new(3);

    [Fact]
    public void Variances_are_those_of_the_definitions()
    {
        void Check(double variance, Tensor tensor)
        {
            Assert.InRange((double)tensor.Mean(), -0.01, 0.01);
            Assert.InRange((double)tensor.Var() / variance, 0.97, 1.03);
        }
        Check(2.0 / 500, Init.XavierUniform(Weight, generator: Random));
        Check(4 * 2.0 / 500, Init.XavierNormal(Weight, 2, Random));
        Check(2.0 / 300, Init.HeUniform(Weight, generator: Random));
        Check(2.0 / 200, Init.HeNormal(Weight, fanOut: true, generator: Random));
        Check(1.0 / 300, Init.LeCunUniform(Weight, Random));
        Check(1.0 / 300, Init.LeCunNormal(Weight, Random));
        Check(1.0 / (3 * 300), Init.Default(Weight, 300, Random));
        // Cut at two standard deviations, a normal keeps 0.7737 of its variance.
        Check(0.7737413, Init.TruncatedNormal(Weight, generator: Random));
    }

    [Theory]
    [InlineData(5, 9), InlineData(9, 5), InlineData(4, 4)]
    public void Orthogonal_rows_or_columns(int rows, int columns)
    {
        var q = Init.Orthogonal(Tensor.Empty(new Shape(rows, columns), DType.Float64), 2, Random);
        var product = rows < columns ? q.MatMul(q.T) : q.T.MatMul(q);
        double[] values = product.ToArray<double>();
        int n = Math.Min(rows, columns);
        for (int i = 0; i < n * n; i++) Assert.Equal(i % (n + 1) == 0 ? 4 : 0, values[i], 1e-12);
    }

    // The rows that Gram and Schmidt's process makes of the same numbers, one after the other: R's diagonal is positive, so that none is
    // turned round.
    [Fact]
    public void Orthogonal_rows_are_those_of_one_process_after_the_other()
    {
        const int rows = 70, columns = 90;
        double[] q = Tensor.Randn(new Shape(rows, columns), DType.Float64, generator: Random).ToArray<double>();
        for (int i = 0; i < rows; i++)
        {
            for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < i; j++)
                {
                    double along = 0;
                    for (int k = 0; k < columns; k++) along += q[i * columns + k] * q[j * columns + k];
                    for (int k = 0; k < columns; k++) q[i * columns + k] -= along * q[j * columns + k];
                }
            double length = 0;
            for (int k = 0; k < columns; k++) length += q[i * columns + k] * q[i * columns + k];
            for (int k = 0; k < columns; k++) q[i * columns + k] /= Math.Sqrt(length);
        }
        double[] made = Init.Orthogonal(Tensor.Empty(new Shape(rows, columns), DType.Float64), generator: Random).ToArray<double>();
        for (int i = 0; i < q.Length; i++) Assert.Equal(q[i], made[i], 1e-11);
    }

    [Fact]
    public void Large_matrices_are_orthogonal_to_the_last_bits_and_the_same_on_two_threads()
    {
        const int n = 400;
        Tensor Make() => Init.Orthogonal(Tensor.Empty(new Shape(n, 20, 20), DType.Float64), generator: new(8)).Reshape(n, n);
        var q = Make();
        double[] product = q.MatMul(q.T).ToArray<double>();
        for (int i = 0; i < product.Length; i++) Assert.Equal(i % (n + 1) == 0 ? 1 : 0, product[i], 1e-13);
        Fused.AssertSameOnTwoThreads(() => [Make().ToArray<double>()]);
        using (Autocast.To(DType.BFloat16)) Assert.Equal(q.ToArray<double>(), Make().ToArray<double>());
    }

    [Fact]
    public void Layers_begin_within_the_bounds_of_PyTorch_and_repeat_themselves()
    {
        var layer = new Linear(100, 50, generator: Random);
        Assert.All(layer.Weight.Value.ToArray(), w => Assert.InRange(w, -0.1f, 0.1f));
        Assert.InRange(layer.Weight.Value.ToArray().Max(), 0.099f, 0.1f);
        Assert.Equal(layer.Weight.Value.ToArray(), new Linear(100, 50, generator: Random).Weight.Value.ToArray());
        Assert.All(new Conv2d(3, 8, 5, generator: Random).Weight.Value.ToArray(), w => Assert.InRange(w, -0.1155f, 0.1155f));
    }

    [Fact]
    public void Gains_and_errors()
    {
        Assert.Equal(Math.Sqrt(2), Init.Gain("relu"));
        Assert.Equal(1, Init.Gain("leaky_relu", 1));
        Assert.Contains("no gain for 'swish'", Assert.Throws<ArgumentException>(() => Init.Gain("swish")).Message);
        Assert.Contains("no fan-in", Assert.Throws<ArgumentException>(() => Init.HeNormal(Tensor.Zeros(3))).Message);
    }
}
