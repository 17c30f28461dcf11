namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddProducts()
    {
        Add("Quantization.Dequantize(Tensor, Tensor)",
            d => d.OfRank(1, where: s => s[0] < 50, shape: () => [d.Int(1, 5)]) is var s ? [d.Bytes([s.Shape[0], d.Int(1, 5)]), s] : null);
        Add("Tensor.MatMul(Tensor)", d =>
        {
            var a = d.Float(rank: 1, where: v => v.Rank < 4);
            int inner = a.Shape[^1], columns = Small(d);
            int[] batch = [.. a.Shape.SkipLast(2).Select(n => d.Coin() ? n : 1)];
            return [a, d.Like(new Shape(d.Of<int[]>([inner], [inner, columns], [.. batch, inner, columns])))];
        });
        Add("Tensor.Dot(Tensor)", d => d.OfRank(1) is var a ? [a, d.Like(a.Shape)] : null);
        Add("Tensor.Outer(Tensor)", d => [d.OfRank(1), d.OfRank(1, where: s => s.Count < 20, shape: () => [Small(d)])]);
        Add("Tensor.Affine(Tensor, Tensor, bool, Formula)", d =>
        {
            var x = d.Float(rank: 1, where: v => v.Rank < 4);
            int inner = x.Shape[^1], columns = Small(d);
            bool isTransposed = d.Coin();
            var weight = d.Like(new Shape(isTransposed ? [columns, inner] : [inner, columns]));
            return [x, weight, d.Coin(0.3) ? null : d.Like(new Shape(columns)), isTransposed, Activation(d)];
        });
        Add("Tensor.Einsum(string, ReadOnlySpan<Tensor>)", d =>
        {
            var a = d.OfRank(2);
            return d.Int(0, 3) switch
            {
                0 => ["ij,jk->ik", new[] { a, d.Like(new Shape(a.Shape[1], Small(d))) }],
                1 => ["ij->ji", new[] { a }],
                2 => ["ij,ij->i", new[] { a, d.Like(a.Shape) }],
                _ => ["ij,j,i->", new[] { a, d.Like(new Shape(a.Shape[1])), d.Like(new Shape(a.Shape[0])) }],
            };
        });
        Add("Attention.ScaledDotProduct(Tensor, Tensor, Tensor, AttentionMask, bool, double, double?, Generator, int)", d =>
        {
            int heads = d.Int(1, 2), shared = d.Coin() ? heads : 1, width = d.IsLarge ? d.Int(8, 40) : d.Int(1, 4);
            int n = d.IsLarge ? d.Int(60, 200) : d.Int(1, 5), m = d.Coin() ? n : n + 1;
            var mask = d.Coin() ? null
                : new MaskOf(d.Leaf([n, m], gradient: 0.5).Var, d.Of(MaskKind.None, MaskKind.Alibi, MaskKind.Causal));
            return [d.Leaf([2, heads, n, width]), d.Leaf([2, shared, m, width]), d.Leaf([2, shared, m, width]), mask, d.Coin(),
                d.Coin(0.7) ? 0.0 : 0.25, d.Coin() ? null : 0.5, d.Seed(), m - n];
        });
        AddConvolutions();
        AddPooling();
    }

    private static int Small(Choices d) => d.IsLarge ? d.Int(1, 40) : d.Int(1, 5);

    private void AddConvolutions()
    {
        Add("Tensor.Conv1d(Tensor, Tensor, int, Padding, int, int, Formula)", d =>
        {
            var (x, groups) = Channels(d, 1);
            int outputs = groups * d.Int(1, d.IsLarge ? 8 : 2), k = d.Int(1, 3);
            return [x, d.Like(new Shape(outputs, x.Shape[1] / groups, k)), Bias(d, outputs), d.Int(1, 2), d.Int(0, 2), d.Int(1, 2), groups,
                Activation(d)];
        });
        Add("Tensor.Conv2d(Tensor, Tensor, Pair?, Padding, Pair?, int, Formula)", d =>
        {
            var (x, groups) = Channels(d, 2);
            int outputs = groups * d.Int(1, d.IsLarge ? 8 : 2);
            var weight = d.Like(new Shape(outputs, x.Shape[1] / groups, d.Int(1, 3), d.Int(1, 3)));
            return [x, weight, Bias(d, outputs), TwoOf(d, 1, 2), d.Int(0, 2), TwoOf(d, 1, 2), groups, Activation(d)];
        });
        Add("Tensor.ConvTranspose1d(Tensor, Tensor, int, int, int, int, int)", d =>
        {
            var (x, groups) = Channels(d, 1);
            int outputs = d.Int(1, 2), stride = d.Int(1, 2);
            var weight = d.Like(new Shape(x.Shape[1], outputs, d.Int(1, 3)));
            return [x, weight, Bias(d, outputs * groups), stride, d.Int(0, 1), d.Int(0, stride - 1), d.Int(1, 2), groups];
        });
        Add("Tensor.ConvTranspose2d(Tensor, Tensor, Pair?, Pair?, Pair?, Pair?, int)", d =>
        {
            var (x, groups) = Channels(d, 2);
            int outputs = d.Int(1, 2), stride = d.Int(1, 2);
            var weight = d.Like(new Shape(x.Shape[1], outputs, d.Int(1, 3), d.Int(1, 3)));
            return [x, weight, Bias(d, outputs * groups), stride, d.Int(0, 1), d.Int(0, stride - 1), d.Int(1, 2), groups];
        });
    }

    private static Value? Bias(Choices d, int channels) => d.Coin() ? null : d.Like(new Shape(channels));

    private static object? TwoOf(Choices d, int low, int high)
        => d.Of<object?>(null, d.Int(low, high), (d.Int(low, high), d.Int(low, high)));

    /// <summary>Images or signals, batch and channels first, and a number of groups.</summary>
    private static (Value X, int Groups) Channels(Choices d, int axes)
    {
        int groups = d.Int(1, 2), batch = d.Int(1, d.IsLarge ? 4 : 2), channels = groups * d.Int(1, d.IsLarge ? 8 : 2);
        var (low, high) = !d.IsLarge ? (5, 7) : axes == 1 ? (2000, 6000) : (30, 60);
        int[] sizes = [.. Enumerable.Range(0, axes).Select(_ => d.Int(low, high))];
        return (d.Like(new Shape([batch, channels, .. sizes])), groups);
    }

    private void AddPooling()
    {
        Add("Tensor.AvgPool1d(int, int?, int, bool, bool)",
            d => [Channels(d, 1).X, d.Int(2, 3), d.Coin() ? null : d.Int(1, 3), d.Int(0, 1), d.Coin(), d.Coin()]);
        Add("Tensor.AvgPool2d(Pair, Pair?, Pair?, bool, bool)",
            d => [Channels(d, 2).X, (d.Int(2, 3), d.Int(2, 3)), TwoOf(d, 1, 3), TwoOf(d, 0, 1), d.Coin(), d.Coin()]);
        Add("Tensor.MaxPool1d(int, int?, int, int, bool)",
            d => Channels(d, 1).X is var x && d.IsDistinct(x.Tensor)
                ? [x, d.Int(2, 3), d.Coin() ? null : d.Int(1, 3), d.Int(0, 1), d.Int(1, 2), d.Coin()] : null);
        foreach (string name in (string[])["MaxPool2d", "MaxPool2dWithIndices"])
            Add($"Tensor.{name}(Pair, Pair?, Pair?, Pair?, bool)", d => Channels(d, 2).X is var x && d.IsDistinct(x.Tensor)
                ? [x, (d.Int(2, 3), d.Int(2, 3)), TwoOf(d, 1, 3), TwoOf(d, 0, 1), TwoOf(d, 1, 2), d.Coin()] : null);
        Add("Tensor.AdaptiveAvgPool2d(Pair)", d => [Channels(d, 2).X, (d.Int(1, 4), d.Int(1, 4))]);
        Add("Tensor.AdaptiveMaxPool2d(Pair)",
            d => Channels(d, 2).X is var x && d.IsDistinct(x.Tensor) ? [x, (d.Int(1, 4), d.Int(1, 4))] : null);
    }
}
