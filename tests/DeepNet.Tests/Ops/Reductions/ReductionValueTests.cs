using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

/// <summary>Every reduction over every choice of axes, on odd shapes and layouts, against the definition.</summary>
public sealed class ReductionValueTests
{
    private static IEnumerable<Tensor> Inputs()
    {
        foreach (int[] shape in (int[][])[[1], [5], [37], [1, 1], [3, 1], [1, 4], [7, 13], [2, 1, 3], [3, 5, 7], [2, 3, 1, 5]])
            yield return Sample.Values(shape);
        var x = Sample.Values(4, 6, 10);
        yield return x.T;
        yield return x.Permute(2, 0, 1);
        yield return Sample.Values(4, 1, 3).Expand(4, 5, 3);
        yield return x.View(new Shape(2, 6, 5), [120, 10, 2], 3);
        yield return x.View(new Shape(4, 6, 10), [60, -10, -1], 59);
        yield return Sample.Values(3, 2100);
        yield return Sample.Values(1300, 3);
    }

    private static void Check(Func<Tensor, ReadOnlySpanOfAxes, bool, Tensor> function, Func<double[], double> expected,
        double single = 1e-5, Func<double[], double>? magnitude = null)
    {
        foreach (var x in Inputs())
            for (uint mask = 1; mask < 1u << x.Rank; mask++)
            {
                int[] axes = [.. Enumerable.Range(0, x.Rank).Where(i => (mask >> i & 1) != 0)];
                double[] values = Naive.Reduce(x, mask, expected);
                var y = function(x, new(axes), false);
                Assert.Equal(Axis.Reduced(x.Shape, mask, false), y.Shape);
                Naive.AssertClose(values, y, 1e-11);
                var kept = function(x, new(axes), true);
                Assert.Equal(Axis.Reduced(x.Shape, mask, true), kept.Shape);
                Assert.Equal(y.ToArray<double>(), kept.ToArray<double>());
                var f = function(x.To(DType.Float32), new(axes), false);
                Assert.Equal(y.DType == DType.Float64 ? DType.Float32 : y.DType, f.DType);
                var rounded = x.To(DType.Float32);
                Naive.AssertClose(
                    Naive.Reduce(rounded, mask, expected), f, single, magnitude is null ? null : Naive.Reduce(rounded, mask, magnitude));
            }
    }

    /// <summary>Axes that a lambda can take.</summary>
    private readonly record struct ReadOnlySpanOfAxes(int[] Array)
    {
        public static implicit operator ReadOnlySpan<int>(ReadOnlySpanOfAxes axes) => axes.Array;
    }

    [Fact]
    public void An_expanded_view_is_reduced_without_its_copy()
    {
        var row = Tensor.Arange(1 << 13).To(DType.Float64);
        Memory.Reclaim();
        Memory.ResetPeak();
        long before = Memory.PeakBytes;
        var views =
            new[] { (row.Expand(3000, 1 << 13), 1), (row.Reshape(-1, 1).Expand(1 << 13, 3000), 0), (row.Expand(50, 60, 1 << 13), 2) };
        foreach (var (x, rowAxis) in views)
        {
            Assert.Equal(3000 * 4095.5 * 8192, x.Sum().Item<double>());
            int[] others = [.. Enumerable.Range(0, x.Rank).Where(i => i != rowAxis)];
            Assert.Equal([.. row.ToArray<double>().Select(v => v * 3000)], x.Sum(others).ToArray<double>());
            Assert.All(x.Sum(rowAxis).ToArray<double>(), v => Assert.Equal(4095.5 * 8192, v));
            Assert.Equal(8191, x.Max().Item<double>());
        }
        Assert.True(Memory.PeakBytes - before < 80 << 20, $"{Memory.PeakBytes - before} bytes for views of 188 MiB");
    }

    [Fact] public void Sum() => Check((x, a, k) => x.Sum(a, k), v => v.Sum(), magnitude: v => v.Sum(Math.Abs));
    [Fact] public void Mean() => Check((x, a, k) => x.Mean(a, k), v => v.Average());
    [Fact] public void Prod() => Check((x, a, k) => (x * 0.3 + 1).Prod(a, k), v => v.Aggregate(1.0, (p, u) => p * (u * 0.3 + 1)), 2e-3);
    [Fact] public void Max() => Check((x, a, k) => x.Max(a, k), v => v.Max(), 0);
    [Fact] public void Min() => Check((x, a, k) => x.Min(a, k), v => v.Min(), 0);
    [Fact] public void Var() => Check((x, a, k) => x.Var(a, k, 0), v => Variance(v, 0));
    [Fact] public void Std() => Check((x, a, k) => x.Std(a, k, 0), v => Math.Sqrt(Variance(v, 0)), 1e-4);
    [Fact] public void Unbiased_var() => Check((x, a, k) => x.Var(a, k), v => Variance(v, 1));
    [Fact] public void LogSumExp() => Check((x, a, k) => x.LogSumExp(a, k), v => Math.Log(v.Sum(Math.Exp)));
    [Fact] public void Norm_2() => Check((x, a, k) => x.Norm(2, a, k), v => Math.Sqrt(v.Sum(u => u * u)));
    [Fact] public void Norm_1() => Check((x, a, k) => x.Norm(1, a, k), v => v.Sum(Math.Abs));
    [Fact] public void Norm_0() => Check((x, a, k) => x.Norm(0, a, k), v => v.Count(u => u != 0));
    [Fact] public void Norm_3() => Check((x, a, k) => x.Norm(3, a, k), v => Math.Cbrt(v.Sum(u => Math.Abs(u * u * u))));
    [Fact] public void Norm_infinity() => Check((x, a, k) => x.Norm(double.PositiveInfinity, a, k), v => v.Max(Math.Abs));
    [Fact] public void Norm_minus_infinity() => Check((x, a, k) => x.Norm(double.NegativeInfinity, a, k), v => v.Min(Math.Abs));
    [Fact] public void All() => Check((x, a, k) => (x > -1).All(a, k), v => v.All(u => u > -1) ? 1 : 0, 0);
    [Fact] public void Any() => Check((x, a, k) => (x > 1.5).Any(a, k), v => v.Any(u => u > 1.5) ? 1 : 0, 0);
    [Fact] public void CountNonZero() => Check((x, a, k) => (x > 0).CountNonZero(a, k), v => v.Count(u => u > 0), 0);

    private static double Variance(double[] v, double correction)
    {
        double mean = v.Average(), squares = v.Sum(u => (u - mean) * (u - mean));
        return squares / Math.Max(0, v.Length - correction);
    }

    [Fact]
    public void Overloads_agree()
    {
        var x = Sample.Values(3, 4);
        Assert.Equal(x.Sum().Item<double>(), x.Sum([]).Item<double>());
        Assert.Equal(x.Sum(-1).ToArray(), x.Sum([1]).ToArray());
        Assert.Equal(x.Std(0).ToArray(), x.Std([0]).ToArray());
        Assert.Equal(new Shape(3, 1), x.LogSumExp(1, keepDim: true).Shape);
        Assert.Equal(new Shape(1, 1), x.Mean([0, 1], keepDim: true).Shape);
        Assert.Equal(Shape.Scalar, x.Max().Shape);
    }

    [Fact]
    public void Nothing_sums_to_zero_and_multiplies_to_one()
    {
        var none = Tensor.Zeros(0, 3);
        Assert.Equal([0, 0, 0], none.Sum(0).ToArray());
        Assert.Equal([1, 1, 1], none.Prod(0).ToArray());
        Assert.Equal([], none.Sum(1).ToArray());
        Assert.Equal([], none.Max(1).ToArray());
        Assert.Equal(0, none.Sum().Item());
        Assert.True(float.IsNaN(none.Mean().Item()));
        Assert.True(float.IsNaN(none.Var().Item()));
        Assert.Equal(float.NegativeInfinity, none.LogSumExp().Item());
        Assert.Equal(0, none.Norm().Item());
        Assert.True((bool)none.All());
        Assert.False((bool)none.Any());
        Assert.False((bool)(none > 0).Any());
        Assert.True((bool)(none > 0).All());
        Assert.Equal(0L, (long)none.CountNonZero());
    }

    [Fact]
    public void Integers_and_bools_sum_to_int64()
    {
        var x = Tensor.From(int.MaxValue, int.MaxValue, 3);
        Assert.Equal(DType.Int64, x.Sum().DType);
        Assert.Equal(2L * int.MaxValue + 3, (long)x.Sum());
        Assert.Equal(DType.Int32, x.Max().DType);
        Assert.Equal(3, (int)x.Min());
        Assert.Equal(2L, (long)Tensor.From(true, false, true).Sum());
        Assert.Equal(DType.Bool, Tensor.From(true, false).Max().DType);
        Assert.Equal(24L, (long)Tensor.From(2, 3, 4).Prod());
        Assert.Equal([1L, 3L, 6L], Tensor.From(1, 2, 3).CumSum(0).ToArray<long>());
        Assert.Equal(DType.Float32, Tensor.From((Half)1, (Half)2).Sum().DType);
        Assert.Equal(3f, Tensor.From((Half)1, (Half)2).Sum().Item());
    }

    public static TheoryData<int[]> ShapesOfBools
        => [[], [1], [7], [128], [129], [70_001], [3, 40], [300, 33], [2, 130, 2500], [5, 1, 7], [2, 3, 4, 5], [130, 2, 131, 2], [3, 0, 2]];

    [Theory]
    [MemberData(nameof(ShapesOfBools))]
    public void Bools_are_counted_over_any_axes_and_in_any_layout(int[] lengths)
    {
        var x = Tensor.Rand(new Shape(lengths), generator: new Generator(7)) < 0.4;
        var order = Enumerable.Range(0, x.Rank).Reverse().ToArray();
        foreach (var view in new[] { x, x.Permute(order), x.Unsqueeze(0).Expand([3, .. lengths]) })
        {
            var wide = view.To(DType.Int64);
            Assert.Equal(wide.Sum().ToArray<long>(), view.Sum().ToArray<long>());
            Assert.Equal(wide.Sum().ToArray<long>(), view.CountNonZero().ToArray<long>());
            for (uint mask = 1; mask < 1u << view.Rank; mask++)
            {
                int[] axes = [.. Enumerable.Range(0, view.Rank).Where(axis => (mask >> axis & 1) != 0)];
                var (expected, actual) = (wide.Sum(axes, keepDim: true), view.Sum(axes, keepDim: true));
                Assert.Equal(DType.Int64, actual.DType);
                Assert.Equal(expected.Shape, actual.Shape);
                Assert.Equal(expected.ToArray<long>(), actual.ToArray<long>());
                Assert.Equal(wide.Sum(axes).Shape, view.Sum(axes).Shape);
                Assert.Equal(expected.ToArray<long>(), view.CountNonZero(axes).ToArray<long>());
            }
        }
    }

    [Fact]
    public void Bools_are_not_converted_to_be_counted()
    {
        const int n = 8_000_000;
        var mask = Tensor.Full(new Shape(8, n / 8), true, DType.Bool);
        foreach (int axis in new[] { 0, 1 })
        {
            Memory.Reclaim();
            Memory.ResetPeak();
            long before = Memory.LiveBytes;
            Assert.Equal(n, (long)mask.CountNonZero());
            Assert.InRange(Memory.PeakBytes - before, 0, n);
            Assert.Equal(n, (long)mask.Sum(axis).Sum());
            Assert.InRange(Memory.PeakBytes - before, 0, axis == 0 ? n + n / 4 : n);       // the result itself is n/8 integers
        }
    }

    [Fact]
    public void NaN_and_infinity_go_through()
    {
        for (int n = 1; n < 40; n++)
            for (int at = 0; at < n; at++)
            {
                float[] values = [.. Enumerable.Range(0, n).Select(i => (float)(i % 7))];
                values[at] = float.NaN;
                var x = Tensor.From<float>(values);
                Assert.True(float.IsNaN(x.Max().Item()));
                Assert.True(float.IsNaN(x.Min().Item()));
                Assert.True(float.IsNaN(x.Sum().Item()));
                Assert.True(float.IsNaN(x.LogSumExp().Item()));
                Assert.True(float.IsNaN(x.Softmax(0).ToArray()[0]));
                Assert.Equal(at, (int)x.ArgMax());
                Assert.Equal(at, (int)x.ArgMin());
            }
        var inf = Tensor.From(1f, float.PositiveInfinity);
        Assert.Equal(float.PositiveInfinity, inf.Sum().Item());
        Assert.Equal(float.PositiveInfinity, inf.LogSumExp().Item());
        Assert.Equal(float.NegativeInfinity, (-inf).Min().Item());
    }

    [Fact]
    public void Variance_of_one_element_is_NaN_as_in_PyTorch()
    {
        Assert.True(float.IsNaN(Tensor.From(3f).Var().Item()));
        Assert.True(float.IsNaN(Tensor.From(3f).Std().Item()));
        Assert.Equal(0, Tensor.From(3f).Var(correction: 0).Item());
        // torch.var(torch.tensor([1., 2., 4.]), correction=3)
        Assert.Equal(float.PositiveInfinity, Tensor.From(1f, 2f, 4f).Var(correction: 3).Item());
    }

    [Fact]
    public void Variance_does_not_cancel()
    {
        // A million plus 0, 1, 2 in float32: squares minus square of the mean would give anything.
        var x = Tensor.From(1e6f, 1e6f + 1, 1e6f + 2);
        Assert.Equal(1, x.Var().Item());
        Assert.Equal([1f, 1f], x.Unsqueezed().Expand(3, 2).Var(0).ToArray());
    }
}

internal static class TensorsForTests
{
    /// <summary>A vector as a column.</summary>
    public static Tensor Unsqueezed(this Tensor x) => x.Reshape(-1, 1);
}
