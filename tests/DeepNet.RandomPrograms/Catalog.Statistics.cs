namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddStatistics()
    {
        const string rule = "QuantileInterpolation, bool";
        Add($"Tensor.Quantile(double, {rule})", d => Filled(d, 0) is { } x ? [x, d.Real(0, 1), Rule(d), d.Coin()] : null);
        Add($"Tensor.Quantile(ReadOnlySpan<double>, {rule})",
            d => Filled(d, 0) is { } x ? [x, Probabilities(d), Rule(d), d.Coin()] : null);
        Add($"Tensor.Quantile(double, int, bool, {rule})",
            d => Filled(d, 1) is { } x ? [x, d.Real(0, 1), d.Axis(x), d.Coin(), Rule(d), d.Coin()] : null);
        Add($"Tensor.Quantile(ReadOnlySpan<double>, int, bool, {rule})",
            d => Filled(d, 1) is { } x ? [x, Probabilities(d), d.Axis(x), d.Coin(), Rule(d), d.Coin()] : null);
        Add("Tensor.Median(bool)", d => Filled(d, 0) is { } x ? [x, d.Coin()] : null);
        Add("Tensor.Median(int, bool, bool)", d => Filled(d, 1) is { } x ? [x, d.Axis(x), d.Coin(), d.Coin()] : null);
        Add("Tensor.Mode(int, bool)", d => Filled(d, 1) is { } x ? [x, d.Axis(x), d.Coin()] : null);
        Add("Tensor.KthValue(int, int, bool)", d => Filled(d, 1) is { } x && d.Axis(x) is var a
            ? [x, d.Int(1, x.Shape[(a + x.Rank) % x.Rank]), a, d.Coin()] : null);
        foreach (string name in (string[])["CumMax", "CumMin"])
            Add($"Tensor.{name}(int)", d => Distinct(d, 1) is { } x ? [x, d.Axis(x)] : null);
        Add("Tensor.Diff(int, int)", d => d.Float(rank: 1) is var x ? [x, d.Int(0, 3), d.Axis(x)] : null);

        // Counts and places of what no leaf has a part in: they have no gradient.
        Add("Tensor.BinCount(Tensor, int)",
            d => d.Int(1, 9) is var n ? [d.Indices([n], 4), d.Coin() ? null : d.Like(new Shape(n)), d.Int(0, 5)] : null);
        Add("Tensor.Histogram(int, (double, double)?, Tensor, bool)", d => [d.Constant(), d.Int(1, 6), null, null, false]);
        Add("Tensor.Histogram(Tensor, Tensor, bool)", d => [d.Constant(), Rising(d), null, false]);
        Add("Tensor.SearchSorted(Tensor, bool)", d => [Rising(d), d.Constant(), d.Coin()]);
        Add("Tensor.Bucketize(Tensor, bool)", d => [d.Constant(), Rising(d), d.Coin()]);
        foreach (string name in (string[])["Unique", "UniqueWithCounts"])
        {
            Add($"Tensor.{name}()", d => [d.Indices(d.Shape(0, 3), 5)]);
            Add($"Tensor.{name}(int)", d => d.Shape(1, 3) is var s ? [d.Indices(s, 3), d.Int(0, s.Length - 1)] : null);
        }
    }

    private static Value? Filled(Choices d, int rank)
        => d.Float(rank: rank, where: v => v.Tensor.Count > 0) is var x && x.Tensor.Count > 0 && d.IsDistinct(x.Tensor) ? x : null;

    private static QuantileInterpolation Rule(Choices d) => d.Of(Enum.GetValues<QuantileInterpolation>());

    private static double[] Probabilities(Choices d) => [.. Enumerable.Range(0, d.Int(1, 3)).Select(_ => d.Real(0, 1))];

    private static Value Rising(Choices d)
        => d.Emit("Tensor.Linspace(double, double, int, DType, Device)", d.Real(-2, 0), d.Real(0, 2), d.Int(2, 9), new RunType(), null);
}
