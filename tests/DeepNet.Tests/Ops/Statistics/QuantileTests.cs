namespace DeepNet.Tests.Operators;

public class QuantileTests
{
    // Rows long enough to be selected from by counting, of numbers that lie close together, far apart, and all over.
    public static TheoryData<string> Kinds => ["uniform", "normal", "integers", "equal", "wide", "NaN"];

    private static double[] Row(string kind, int n)
    {
        var random = new Random(n);
        return [.. Enumerable.Range(0, n).Select(i => kind switch
        {
            "uniform" => random.NextDouble(),
            "normal" => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(6.28 * random.NextDouble()),
            "integers" => random.Next(-5, 5),
            "equal" => 3.5,
            "NaN" when i % 1000 == 7 => double.NaN,
            _ => (random.NextDouble() - 0.5) * Math.Exp(random.Next(-30, 30)),
        })];
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Elements_of_any_rank_are_those_of_the_stable_order(string kind)
    {
        foreach (int n in new[] { 1, 2, 255, 2048, 5003 })
            foreach (var dtype in new[] { DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Float16 })
            {
                if (kind == "NaN" && !dtype.IsFloating() || kind == "wide" && dtype is DType.Float16 or DType.Int32) continue;
                var x = Tensor.From<double>(Row(kind, n)).To(dtype);
                var order = x.ArgSort(0).ToArray<long>();
                foreach (int k in new[] { 1, n / 3 + 1, n / 2 + 1, n })
                {
                    var (value, index) = x.KthValue(k);
                    Assert.Equal(order[k - 1], index.Item<long>());
                    Assert.Equal(x.Select(0, (int)order[k - 1]).Item<double>(), value.Item<double>());
                }
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Several_quantiles_at_once_are_those_of_the_sorted_row(string kind)
    {
        double[] row = Row(kind, 4001), q = [0, 0.001, 0.1, 0.25, 0.25, 0.5, 0.999, 1];
        double[] actual = Tensor.From<double>(row).Quantile(q).ToArray<double>();
        double[] numbers = Tensor.From<double>(row).Quantile(q, ignoreNan: true).ToArray<double>();
        double[] sorted = [.. row.Where(v => !double.IsNaN(v)).Order()];
        for (int i = 0; i < q.Length; i++)
        {
            double position = q[i] * (sorted.Length - 1), low = sorted[(int)position], high = sorted[(int)Math.Ceiling(position)];
            double expected = low + (position - (int)position) * (high - low);
            Assert.Equal(expected, numbers[i], 1e-12 * Math.Max(1, Math.Abs(expected)));
            Assert.Equal(kind == "NaN" ? double.NaN : expected, actual[i], 1e-12 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void Views_and_long_columns_give_what_dense_rows_give()
    {
        var x = Tensor.Randn(new Shape(3, 3000, 2), DType.Float64, generator: new(5));
        var expected = x.Transpose(1, 2).Contiguous().Quantile([0.2, 0.9], 2);
        Assert.True(x.Quantile([0.2, 0.9], 1).ArrayEqual(expected));
        Assert.True(x.Slice(1, step: 2).Median(1).Values.ArrayEqual(x.Slice(1, step: 2).Contiguous().Median(1).Values));
    }

    [Fact]
    public void Where_a_row_has_NaN_the_gradient_goes_to_it()
    {
        var x = Tensor.From<double>([1, double.NaN, 2, 3, 4, 5], new Shape(2, 3)).WithGrad();
        x.Quantile(0.5, 1).Backward(Tensor.From<double>([1, 1]));
        Assert.Equal([0, 1, 0, 0, 1, 0], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void Errors_say_what_would_be_right()
    {
        var x = Tensor.Zeros(2, 0);
        Assert.Contains("[quantile] 1.5 is not a probability", Message(() => x.Quantile(1.5)), StringComparison.Ordinal);
        Assert.Contains("[quantile] of shape (2, 0)", Message(() => x.Quantile(0.5, 1)), StringComparison.Ordinal);
        Assert.Contains("x.To(DType.Float32)", Message(() => x.To(DType.Int32).Quantile(0.5, 0)), StringComparison.Ordinal);
        Assert.Contains("k goes from 1 to the axis' length, 2", Message(() => x.KthValue(3, 0)), StringComparison.Ordinal);
        Assert.Contains("[median] of shape (2, 0)", Message(() => x.Median(1)), StringComparison.Ordinal);
        Assert.Contains("[mode] of shape (2, 0)", Message(() => x.Mode(1)), StringComparison.Ordinal);
        Assert.Equal(new Shape(3, 0), x.Quantile([0.1, 0.5, 1], 0).Shape);
        Assert.Equal(new Shape(0), x.Median(0).Values.Shape);
    }

    internal static string Message(Action action) => Record.Exception(action)?.Message ?? "no error";
}
