using DeepNet.Nn;

namespace DeepNet.Tests.Operators;

/// <summary>Product, bias and activation in one operator, against the same in three.</summary>
public class FusedLinearTests
{
    private static readonly Generator Random = new(8);

    private static readonly Relu relu = new();

    public static TheoryData<int, int, int, bool, bool> Cases
    {
        get
        {
            // Rows, inputs, outputs; one row and one column are products with vectors, many inputs are summed in parts.
            var cases = new TheoryData<int, int, int, bool, bool>
            {
                { 1, 1, 1, true, true }, { 1, 37, 19, true, true }, { 1, 784, 131, true, true }, { 1, 32, 10, true, false },
                { 1, 48, 7, false, true }, { 9, 5, 1, true, true }, { 3, 1100, 21, true, true }, { 64, 7, 34, false, true },
                { 170, 40, 17, true, false }, { 5, 600, 90, false, false },
            };
            var random = new Random(3);
            for (int i = 0; i < 10; i++)
                cases.Add(random.Next(1, 80), random.Next(1, 90), random.Next(1, 70), random.Next(2) == 0, random.Next(2) == 0);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fused_form_is_the_composed_one(int rows, int inputs, int outputs, bool hasBias, bool isRectified)
    {
        Tensor Of(params int[] shape)
            => Tensor.Randn(new Shape(shape), DType.Float64, generator: Random).To(DType.Float32).To(DType.Float64).WithGrad();
        Tensor[] tensors = hasBias ? [Of(rows, inputs), Of(outputs, inputs), Of(outputs)] : [Of(rows, inputs), Of(outputs, inputs)];
        var upstream = Tensor.Randn(new Shape(rows, outputs), generator: Random);
        double[][] Run(Tensor[] x) => Fused.Run(
            x, upstream.To(x[0].DType), () => x[0].Affine(x[1], hasBias ? x[2] : null, true, isRectified ? relu : null));
        double[][] Composed(Tensor[] x) => Fused.Run(x, upstream.To(x[0].DType), () =>
        {
            var y = x[0].MatMul(x[1].T);
            if (hasBias) y = y + x[2];
            return isRectified ? y.Relu() : y;
        });
        Fused.AssertNear(Composed(tensors), Run(tensors), 1e-12);
        Tensor[] singles = [.. tensors.Select(x => x.Detach().To(DType.Float32).WithGrad())];
        Fused.AssertAsGood(Composed(tensors), Composed(singles), Run(singles), 1e-6);
        Fused.AssertSameOnTwoThreads(() => Run(tensors));
        Fused.AssertSameOnTwoThreads(() => Run(singles));
    }

    [Theory]
    [InlineData(1, 784, 130)]
    [InlineData(1, 33, 5)]
    [InlineData(7, 20, 11)]
    public void Where_nothing_is_recorded_the_bits_are_the_same(int rows, int inputs, int outputs)
    {
        Tensor x = Tensor.Randn(new Shape(rows, inputs), generator: Random),
            w = Tensor.Randn(new Shape(outputs, inputs), generator: Random).WithGrad();
        Tensor bias = Tensor.Randn(new Shape(outputs), generator: Random), other = w.Detach().T.Contiguous();
        // Both layouts of the weight add in orders of their own: what they may differ by follows from the sums, which tanh would hide.
        double bound = 1e-6 * x.Affine(w, bias, true).Abs().Max().Item<float>();
        foreach (var activation in new Activation?[] { null, relu, new Tanh(), new Gelu() })
        {
            float[] recorded = x.Affine(w, bias, true, activation).ToArray();
            using var off = Autograd.NoGrad();
            var y = x.Affine(w, bias, true, activation);
            Assert.Null(y.GradNode);
            Assert.Equal(recorded, y.ToArray());
            Assert.Same(y.Shape, x.Affine(w, bias, true, activation).Shape);
            Assert.All(x.Affine(other, bias, false, activation).ToArray().Zip(recorded),
                pair => Assert.Equal(pair.Second, pair.First, bound));
        }
    }

    [Fact]
    public void Not_a_number_stays_through_the_relu_of_one_row()
    {
        float[] values = new float[16 * 13];
        Array.Fill(values, -1f);
        values[3] = values[12 * 16] = float.NaN;
        using var off = Autograd.NoGrad();
        float[] y = Tensor.Ones(1, 16).Affine(Tensor.From<float>(values, new Shape(13, 16)), Tensor.Ones(13), true, relu).ToArray();
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[12]));
        Assert.All(y[1..12], v => Assert.Equal(0, v));
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        var x = Tensor.From<float>([float.NaN, 1, 1, -1], new Shape(2, 2));
        var w = Tensor.From<float>([1, 1, -1, 0], new Shape(2, 2));
        Assert.Equal([float.NaN, float.NaN, 0, 0], x.Affine(w, null, true, relu).ToArray());
    }
}
