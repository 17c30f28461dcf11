namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddCopies()
    {
        Add("Tensor.Clone()", d => [d.Float()]);
        Add("Tensor.Contiguous()", d => [d.Float()]);
        Add("Tensor.Tril(int)", d => [d.Float(rank: 2), d.Int(-1, 2)]);
        Add("Tensor.Triu(int)", d => [d.Float(rank: 2), d.Int(-1, 2)]);
        Add("Tensor.Roll(int)", d => [d.Float(), d.Int(-4, 4)]);
        Add("Tensor.Roll(int, int)", d => d.Float(rank: 1) is var x ? [x, d.Int(-4, 4), d.Axis(x)] : null);
        Add("Tensor.Repeat(ReadOnlySpan<int>)", d => d.Float(rank: 1) is var x ? [x, x.Shape.Select(_ => d.Int(1, 2)).ToArray()] : null);
        Add("Tensor.RepeatInterleave(int, int)", d => d.Float(rank: 1) is var x ? [x, d.Int(1, 3), d.Axis(x)] : null);
        Add("Tensor.RepeatInterleave(Tensor, int)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a ? [x, d.Indices([x.Shape[a]], 3), a] : null);
        Add("Tensor.Pad(ReadOnlySpan<(int, int)>, PadMode, Scalar)", d => d.Float(rank: 1) is var x
            ? [x, x.Shape.Select(n => (d.Int(0, 2), d.Int(0, 2))).ToArray(), d.Of(Enum.GetValues<PadMode>()), 0.5] : null);
        Add("Tensor.Cat(ReadOnlySpan<Tensor>, int)",
            d => d.Float(rank: 1) is var x && d.Int(0, x.Rank - 1) is var a ? [Several(d, x), d.Named(x, a)] : null);
        Add("Tensor.Stack(ReadOnlySpan<Tensor>, int)",
            d => d.Float(where: v => v.Rank < 5) is var x ? [Several(d, x), d.Int(-x.Rank - 1, x.Rank)] : null);
        Add("Tensor.Meshgrid(ReadOnlySpan<Tensor>)",
            d => [new[] { d.OfRank(1, where: s => s[0] < 9, shape: () => [3]), d.OfRank(1, where: s => s[0] < 9, shape: () => [4]) }]);
        Add("Tensor.To(DType)",
            d => [d.Of(0, 1, 2) switch { 0 => d.Bool(), 1 => d.Bytes(), _ => d.Indices(d.Shape(0, 3), 5) }, new RunType()]);
    }

    // Some of them the same tensor.
    private static Value[] Several(Choices d, Value x)
        => [x, .. Enumerable.Range(0, d.Int(0, 2)).Select(_ => d.Coin(0.2) ? x : d.Like(x.Shape))];
}
