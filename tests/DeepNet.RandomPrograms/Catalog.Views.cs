namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddViews()
    {
        Add("Tensor.get_T()", d => [d.OfRank(2)]);
        Add("Tensor.Transpose(int, int)", d => d.Float(rank: 2) is var x ? [x, d.Axis(x), d.Axis(x)] : null);
        Add("Tensor.SwapAxes(int, int)", d => d.Float(rank: 1) is var x ? [x, d.Axis(x), d.Axis(x)] : null);
        Add("Tensor.MoveAxis(int, int)", d => d.Float(rank: 1) is var x ? [x, d.Axis(x), d.Axis(x)] : null);
        Add("Tensor.Permute(ReadOnlySpan<int>)", d => d.Float(rank: 1) is var x ? [x, d.Order(x.Rank)] : null);
        Add("Tensor.Reshape(ReadOnlySpan<int>)", d => d.Float() is var x ? [x, Lengths(d, x)] : null);
        Add("Tensor.View(ReadOnlySpan<int>)", d => d.Float() is var x ? [x, Lengths(d, x)] : null);
        Add("Tensor.Flatten(int, int)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a ? [x, a, d.Int(a, x.Rank - 1)] : null);
        Add("Tensor.Unflatten(int, ReadOnlySpan<int>)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a ? [x, d.Named(x, a), Factors(d, x.Shape[a])] : null);
        Add("Tensor.Squeeze(ReadOnlySpan<int>)",
            d => d.Float() is var x ? [x, Enumerable.Range(0, x.Rank).Where(i => x.Shape[i] == 1 && d.Coin()).ToArray()] : null);
        Add("Tensor.Unsqueeze(int)", d => d.Float(where: v => v.Rank < 5) is var x ? [x, d.Int(-x.Rank - 1, x.Rank)] : null);
        Add("Tensor.Expand(Shape)", d => d.Float(where: v => v.Rank < 4) is var x ? [x, Expanded(d, x)] : null);
        Add("Tensor.Expand(ReadOnlySpan<int>)", d => d.Float(where: v => v.Rank < 4) is var x ? [x, Expanded(d, x)] : null);
        Add("Tensor.Narrow(int, int, int)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a && d.Int(0, Math.Max(0, x.Shape[a] - 1)) is var s
            ? [x, d.Named(x, a), s, d.Int(0, x.Shape[a] - s)] : null);
        Add("Tensor.Select(int, int)", d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a && x.Shape[a] > 0
            ? [x, d.Named(x, a), d.Int(-x.Shape[a], x.Shape[a] - 1)] : null);
        Add("Tensor.Slice(int, int?, int?, int)", d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a
            ? [x, a, End(d, x.Shape[a]), End(d, x.Shape[a]), d.Of(1, 2, 3, -1, -2)] : null);
        Add("Tensor.Flip(ReadOnlySpan<int>)", d => d.Float(rank: 1) is var x ? [x, d.Axes(x)] : null);
        Add("Tensor.Diagonal(int, int, int)",
            d => d.Float(rank: 2) is var x && d.Order(x.Rank) is var o ? [x, d.Int(-1, 1), o[0], o[1]] : null);
        Add("Tensor.Unfold(int, int, int)",
            d => d.Float(rank: 1, where: v => v.Rank < 5) is var x && d.Int(0, x.Rank - 1) is var a && x.Shape[a] > 0
            ? [x, a, d.Int(1, Math.Min(4, x.Shape[a])), d.Int(1, 3)] : null);
        Add("Tensor.Split(int, int)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a ? [x, (x.Shape[a] + 2) / d.Int(1, 3) + 1, a] : null);
        Add("Tensor.Split(ReadOnlySpan<int>, int)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a && d.Int(0, x.Shape[a]) is var s
            ? [x, new[] { s, x.Shape[a] - s }, a] : null);
        Add("Tensor.Chunk(int, int)", d => d.Float(rank: 1) is var x ? [x, d.Int(1, 3), d.Axis(x)] : null);
        Add("Tensor.Unbind(int)",
            d => d.Float(rank: 1) is var x && d.Axis(x) is var a && x.Shape[(a + x.Rank) % x.Rank] is > 0 and < 8 ? [x, a] : null);
        Add("Tensor.Detach()", d => [d.Float()], isCut: true);
        Add("Tensor.get_Parts(ReadOnlySpan<TensorIndex>)",
            d => d.Float(rank: 1) is var x && x.Shape.All(n => n > 0) ? [x, Index(d, x)] : null);
    }

    private static int? End(Choices d, int length) => d.Coin() ? null : d.Int(-length, length);

    private static int[] Factors(Choices d, int n)
    {
        int[] divisors = [.. Enumerable.Range(1, Math.Min(n, 50)).Where(k => n % k == 0)];
        if (n == 0 || d.Coin(0.2)) return n == 0 ? [0] : [-1, d.Of(divisors)];
        int first = d.Of(divisors);
        return d.Coin() ? [first, n / first] : [n / first, first];
    }

    private static int[] Lengths(Choices d, Value x)
    {
        int n = (int)x.Tensor.Count;
        return d.Of(0, 1, 2) switch
        {
            0 => [n],
            1 => Factors(d, n),
            _ => [.. Factors(d, n), 1],
        };
    }

    private static int[] Expanded(Choices d, Value x)
    {
        int[] front = d.Coin() ? [d.Int(1, 3)] : [];
        return [.. front, .. x.Shape.Select(n => n == 1 && d.Coin(0.7) ? d.Int(1, d.IsLarge ? 40 : 4) : n)];
    }

    // Numbers, ranges and at most one tensor of places.
    private static object[] Index(Choices d, Value x)
    {
        var parts = new List<object>();
        bool hasPlaces = false;
        for (int a = 0; a < d.Int(1, x.Rank); a++)
        {
            int n = x.Shape[a], from = d.Int(0, n - 1);
            int kind = d.Int(0, hasPlaces ? 1 : 2);
            hasPlaces |= kind == 2;
            parts.Add(kind switch { 0 => d.Int(-n, n - 1), 1 => from..d.Int(from, n), _ => d.Indices([d.Int(1, 4)], n) });
        }
        return [.. parts];
    }
}
