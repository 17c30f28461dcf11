namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddReductions()
    {
        Reduction("Sum", d => d.Float());
        Reduction("Mean", d => d.Float());
        Reduction("LogSumExp", d => d.Float());
        Reduction("NanSum", d => d.Float());
        Reduction("NanMean", d => d.Float());
        Reduction("Prod", d => d.Float(-1.5, 1.5, where: v => v.Tensor.Count < 200));
        Reduction("Max", Distinct);
        Reduction("Min", Distinct);
        Reduction("Any", d => d.Bool());
        Reduction("All", d => d.Bool());
        Reduction("CountNonZero", d => d.Coin() ? d.Bool() : d.Constant());
        foreach (string name in (string[])["Var", "Std"])
        {
            Add($"Tensor.{name}(double)", d => d.Float(rank: 1) is var x && Spread(d, x, []) ? [x, Correction(d)] : null);
            Add($"Tensor.{name}(int, bool, double)", d => d.Float(rank: 1) is var x && d.Axis(x) is var a && Spread(d, x, [a])
                ? [x, a, d.Coin(), Correction(d)] : null);
            Add($"Tensor.{name}(ReadOnlySpan<int>, bool, double)",
                d => d.Float(rank: 1) is var x && d.Axes(x) is var a && Spread(d, x, a) ? [x, a, d.Coin(), Correction(d)] : null);
        }
        Add("Tensor.Normalize(double, int, double)", d => Normed(d) is var (p, x) && x.Rank > 0 && d.Axis(x) is var a
            && d.IsAbove(x.Tensor.Detach().Norm(p, a), 0.3) ? [x, p, a, 1e-12] : null);
        Add("Tensor.CosineSimilarity(Tensor, int, double)", d => d.Float(rank: 1) is var x && d.Like(x.Shape) is var y && d.Axis(x) is var a
            && d.IsAbove(x.Tensor.Detach().Norm(2, a), 0.3) && d.IsAbove(y.Tensor.Detach().Norm(2, a), 0.3) ? [x, y, a, 1e-8] : null);
        Add("Tensor.Norm(double)", d => Normed(d) is var (p, x) ? [x, p] : null);
        Add("Tensor.Norm(double, int, bool)", d => Normed(d) is var (p, x) && x.Rank > 0 ? [x, p, d.Axis(x), d.Coin()] : null);
        Add("Tensor.Norm(double, ReadOnlySpan<int>, bool)",
            d => Normed(d) is var (p, x) && x.Rank > 0 ? [x, p, d.Axes(x), d.Coin()] : null);
        Add("Tensor.Trace()", d => [d.OfRank(2)]);
        Add("Tensor.CumSum(int)", d => d.Float(rank: 1) is var x ? [x, d.Axis(x)] : null);
        Add("Tensor.CumProd(int)", d => d.Float(-1.5, 1.5, 1) is var x ? [x, d.Axis(x)] : null);
        Add("Tensor.Softmax(int)", d => d.Float(rank: 1) is var x ? [x, d.Axis(x)] : null);
        Add("Tensor.Entropy(int, bool)", d => d.Float(0.1, 1, rank: 1) is var x ? [x, d.Axis(x), d.Coin()] : null);
        Add("Tensor.LogSoftmax(int)", d => d.Float(rank: 1) is var x ? [x, d.Axis(x)] : null);
        Add("Tensor.SumTo(Shape)",
            d => d.Float() is var x ? [x, x.Shape.Skip(d.Int(0, x.Rank)).Select(n => d.Coin() ? 1 : n).ToArray()] : null);
        foreach (string name in (string[])["ArgMax", "ArgMin"])
        {
            Add($"Tensor.{name}()", d => Distinct(d) is { } x ? [x] : null);
            Add($"Tensor.{name}(int, bool)", d => Distinct(d, 1) is { } x ? [x, d.Axis(x), d.Coin()] : null);
        }
        foreach (string name in (string[])["MaxWithIndices", "MinWithIndices", "Sort", "ArgSort"])
            Add($"Tensor.{name}(int, bool)", d => Distinct(d, 1) is { } x ? [x, d.Axis(x), d.Coin()] : null);
        Add("Tensor.TopK(int, int, bool)",
            d => Distinct(d, 1) is { } x && d.Axis(x) is var a
                ? [x, d.Int(1, Math.Max(1, x.Shape[(a + x.Rank) % x.Rank])), a, d.Coin()] : null);
    }

    private void Reduction(string name, Func<Choices, Value?> pick)
    {
        Add($"Tensor.{name}()", d => pick(d) is { } x ? [x] : null);
        Add($"Tensor.{name}(int, bool)", d => pick(d) is { Rank: > 0 } x ? [x, d.Axis(x), d.Coin()] : null);
        Add($"Tensor.{name}(ReadOnlySpan<int>, bool)", d => pick(d) is { Rank: > 0 } x ? [x, d.Axes(x), d.Coin()] : null);
    }

    private static double Correction(Choices d) => d.Of(0.0, 1.0, 0.5);

    private static Value? Distinct(Choices d) => Distinct(d, 0);

    private static Value? Distinct(Choices d, int rank) => d.Float(rank: rank) is var x && d.IsDistinct(x.Tensor) ? x : null;

    private static bool Spread(Choices d, Value x, int[] axes)
    {
        using var off = Autograd.NoGrad();
        var spread = axes.Length == 0 ? x.Tensor.Std() : x.Tensor.Std(axes);
        return x.Tensor.Count > 1 && spread.IsFinite().All().Item<bool>() && d.IsAbove(spread, 0.05);
    }

    private static (double P, Value X)? Normed(Choices d)
    {
        var x = d.Float(where: v => v.Tensor.Count > 0);
        return d.IsAway(x, Zero) ? (d.Of(1.0, 2.0, 3.0, 1.5), x) : null;
    }
}
