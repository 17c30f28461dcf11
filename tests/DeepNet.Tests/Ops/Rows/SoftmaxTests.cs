using DeepNet.Ops;
using DeepNet.Tests.Cpu;

namespace DeepNet.Tests.Operators;

[Collection(ThreadCount.Name)]
public sealed class SoftmaxTests
{
    private static double[] Softmax(double[] x)
    {
        double max = x.Max();
        double[] e = [.. x.Select(v => Math.Exp(v - max))];
        double sum = e.Sum();
        return [.. e.Select(v => v / sum)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 8)]
    [InlineData(4, 1031)]
    [InlineData(2, 3, 5)]
    [InlineData(600, 2, 3)]
    public void Is_the_definition_along_any_axis(params int[] shape)
    {
        var x = Sample.Values(shape) * 4;
        for (int axis = 0; axis < x.Rank; axis++)
        {
            double[] expected = Naive.Along(x, axis, Softmax);
            Naive.AssertClose(expected, x.Softmax(axis), 1e-13);
            Naive.AssertClose(expected, x.To(DType.Float32).Softmax(axis - x.Rank), 1e-6);
            double[] logs = [.. expected.Select(p => Math.Log(p))];
            Naive.AssertClose(logs, x.LogSoftmax(axis), 1e-13);
            Naive.AssertClose(logs, x.To(DType.Float32).LogSoftmax(axis), 1e-6);
        }
    }

    [Fact]
    public void Transposed_tensors_too()
    {
        var x = Sample.Values(6, 5).T;
        Naive.AssertClose(Naive.Along(x, 1, Softmax), x.Softmax(1), 1e-13);
        Naive.AssertClose(Naive.Along(x, 0, Softmax), x.Softmax(0), 1e-13);
    }

    [Fact]
    public void Large_numbers_do_not_overflow()
    {
        foreach (int axis in (int[])[0, 1])
        {
            var x = Tensor.From<float>([1000, 1000, -1000, 88, 1e30f, -1e30f], new Shape(3, 2));
            if (axis == 0) x = x.T.Contiguous();
            var y = x.Softmax(axis);
            Assert.Equal([0.5f, 0.5f, 0, 1, 1, 0], (axis == 0 ? y.T : y).ToArray());
            var log = x.LogSoftmax(axis);
            log = axis == 0 ? log.T : log;
            Assert.Equal([-MathF.Log(2), -MathF.Log(2), -1088, 0, 0, -2e30f], log.ToArray());
            Assert.Equal(1000 + MathF.Log(2), x.LogSumExp(axis).ToArray()[0]);
        }
    }

    [Fact]
    public void Rows_of_minus_infinity_and_rows_with_infinity_are_NaN()
    {
        float inf = float.PositiveInfinity;
        foreach (int axis in (int[])[0, 1])
        {
            var x = Tensor.From<float>([-inf, -inf, -inf, 3, inf, 1], new Shape(3, 2));
            if (axis == 0) x = x.T.Contiguous();
            var y = x.Softmax(axis);
            Assert.Equal([float.NaN, float.NaN, 0, 1, float.NaN, float.NaN], (axis == 0 ? y.T : y).ToArray());
            var sums = x.LogSumExp(axis).ToArray();
            Assert.Equal([-inf, 3, inf], sums);
        }
    }

    [Fact]
    public void Empty_tensors_stay_empty()
    {
        Assert.Equal(new Shape(0, 3), Tensor.Zeros(0, 3).Softmax(1).Shape);
        Assert.Equal(new Shape(0, 3), Tensor.Zeros(0, 3).LogSoftmax(0).Shape);
    }

    [Fact]
    public void Integers_become_float32() => Assert.Equal([0.5f, 0.5f], Tensor.From(2, 2).Softmax(0).ToArray());

    [Fact]
    public void A_wrong_axis_is_named()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros(2, 3).LogSoftmax(2));
        Assert.Contains("[log_softmax] axis 2 of shape (2, 3): axes go from 0 to 1, or from -1 back to -2.", e.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Fused_and_recorded_gradients_agree(int axis)
    {
        foreach (bool isLog in (bool[])[false, true])
        {
            var g = Sample.Values(37, 29);
            Tensor Gradient(bool createGraph)
            {
                var x = (Sample.Values(37, 29) * 2).WithGrad();
                (isLog ? x.LogSoftmax(axis) : x.Softmax(axis)).Backward(g, createGraph: createGraph);
                return x.Grad!.Detach();
            }
            Naive.AssertClose(Gradient(true).ToArray<double>(), Gradient(false), 1e-14);
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var x = Sample.Values(700, 513).To(DType.Float32);
        float[] Run(int threads)
        {
            using var with = new WithThreads(threads);
            var leaf = x.Clone().WithGrad();
            var y = leaf.LogSoftmax(1);
            (y * x).Sum().Backward();
            return [.. y.ToArray(), .. leaf.Grad!.ToArray(), .. x.Var(1).ToArray(), .. x.Softmax(0).ToArray()];
        }
        Assert.Equal(Run(1), Run(3));
    }
}
