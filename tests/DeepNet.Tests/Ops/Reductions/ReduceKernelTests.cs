using DeepNet.Ops;
using DeepNet.Tests.Cpu;

namespace DeepNet.Tests.Operators;

/// <summary>The kernel itself, on every pattern of kept and reduced axes and every kind of layout, against a naive sum in double.</summary>
[Collection(ThreadCount.Name)]
public sealed class ReduceKernelTests
{
    private static readonly int[][] Shapes =
    [
        [1], [7], [8], [9], [63], [1023], [1025], [5000], [65537], [150_001],
        [1, 1], [3, 1], [1, 5], [2, 3], [17, 33], [129, 31], [300, 5], [150, 2051],
        [2, 3, 4], [5, 1, 7], [3, 130, 9], [4, 257, 65], [2, 3, 4, 5], [3, 2, 131, 6],
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Shapes.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_choice_of_axes_gives_the_naive_sum(int index)
    {
        var shape = new Shape(Shapes[index]);
        var x = Sample.Values(Shapes[index]);
        for (uint mask = 0; mask < 1u << shape.Rank; mask++)
        {
            var to = Axis.Reduced(shape, mask, keepDim: true);
            double[] expected = NaiveSum(x, to);
            AssertClose(expected, x.SumTo(to).ToArray<double>(), 1e-12);
            AssertClose(expected, x.To(DType.Float32).SumTo(to).ToArray<double>(), 2e-6 * Math.Sqrt(shape.Count));
            Assert.Equal(
                NaiveSum((x * 100).To(DType.Int32).To(DType.Float64), to),
                (x * 100).To(DType.Int32).SumTo(to).ToArray<double>());
        }
    }

    [Fact]
    public void Layouts_do_not_matter()
    {
        var x = Sample.Values(4, 6, 10);
        Tensor[] views =
        [
            x.Permute(2, 0, 1), x.Permute(1, 0, 2), x.T,
            Sample.Values(4, 1, 10).Expand(4, 6, 10), Sample.Values(1).Expand(3, 5),
            x.View(new Shape(2, 6, 5), [120, 10, 2], 3),
            x.View(new Shape(4, 6, 10), [60, -10, -1], 59),
        ];
        foreach (var view in views)
            for (uint mask = 0; mask < 1u << view.Rank; mask++)
            {
                var to = Axis.Reduced(view.Shape, mask, keepDim: true);
                AssertClose(NaiveSum(view, to), view.SumTo(to).ToArray<double>(), 1e-12);
            }
    }

    [Theory]
    [InlineData(1_000_003)]
    [InlineData(700, 2100)]
    [InlineData(50_000, 7)]
    [InlineData(50, 300, 100)]
    public void Threads_do_not_change_a_bit(params int[] lengths)
    {
        var x = Sample.Values(lengths).To(DType.Float32);
        for (uint mask = 1; mask < 1u << x.Rank; mask++)
        {
            var to = Axis.Reduced(x.Shape, mask, keepDim: true);
            float[] one, many;
            using (new WithThreads(1)) one = x.SumTo(to).ToArray();
            using (new WithThreads(3)) many = x.SumTo(to).ToArray();
            Assert.Equal(one, many);
        }
    }

    [Fact]
    public void Sums_are_as_accurate_as_pairwise_ones()
    {
        // One after the other, ten million tenths are off by 8 %.
        var x = Tensor.Full(new Shape(10_000_000), 0.1);
        Assert.Equal(1e7 * (double)0.1f, x.SumTo(Shape.Scalar).Item<double>(), 0.5);
        Assert.Equal(1e7 * (double)0.1f, x.Reshape(-1, 2).SumTo(new Shape(1, 2)).ToArray<double>().Sum(), 0.5);
    }

    private static double[] NaiveSum(Tensor x, Shape to)
    {
        double[] values = x.ToArray<double>(), result = new double[to.Count];
        for (int i = 0; i < values.Length; i++)
        {
            nint at = 0;
            for (int axis = 0; axis < x.Rank; axis++)
                if (to[axis] != 1) at += i / x.Shape.RowMajor[axis] % x.Shape[axis] * to.RowMajor[axis];
            result[at] += values[i];
        }
        return result;
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"[{i}]: {actual[i]}, not {expected[i]}");
    }
}
