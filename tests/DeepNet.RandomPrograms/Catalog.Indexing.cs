namespace DeepNet.RandomPrograms;

internal sealed partial class Catalog
{
    private void AddIndexing()
    {
        Add("Tensor.Gather(int, Tensor)", d => Lines(d) is var (x, a) ? [x, d.Named(x, a), d.Indices(Line(d, x, a), x.Shape[a])] : null);
        Add("Tensor.IndexSelect(int, Tensor)",
            d => Lines(d) is var (x, a) ? [x, d.Named(x, a), d.Indices([d.Int(1, 5)], x.Shape[a])] : null);
        Add("Tensor.IndexAdd(int, Tensor, Tensor)", d =>
        {
            if (Lines(d) is not var (x, a)) return null;
            int n = d.Int(1, 5);
            return [x, a, d.Indices([n], x.Shape[a]), d.Like(new Shape([.. x.Shape.Select((length, i) => i == a ? n : length)]))];
        });
        Add("Tensor.Take(Tensor)",
            d => d.Float(where: v => v.Tensor.Count > 0) is var x && x.Tensor.Count > 0
                ? [x, d.Indices(d.Shape(0, 2), (int)x.Tensor.Count)] : null);
        Add("Tensor.ScatterAdd(int, Tensor, Tensor)",
            d => Lines(d) is var (x, a) && Line(d, x, a) is var s ? [x, a, d.Indices(s, x.Shape[a]), d.Like(new Shape(s))] : null);
        Add("Tensor.ScatterReduce(int, Tensor, Tensor, ScatterReduction, bool)", d =>
        {
            if (Lines(d) is not var (x, a)) return null;
            int[] shape = Line(d, x, a);
            var source = d.Like(new Shape(shape));
            var all = Tensor.Cat([x.Tensor.Detach().Flatten(), source.Tensor.Detach().Flatten()]);
            return d.IsDistinct(all) ? [x, a, d.Indices(shape, x.Shape[a]), source, d.Of(Enum.GetValues<ScatterReduction>()), d.Coin()]
                : null;
        });
        Add("Tensor.Scatter(int, Tensor, Tensor)", d => Lines(d) is var (x, a) ? [x, a, d.Orders(x.Shape, a), d.Like(x.Shape)] : null);
        Add("Tensor.Scatter(int, Tensor, Scalar)",
            d => Lines(d) is var (x, a) ? [x, a, d.Indices(Line(d, x, a), x.Shape[a]), Number(d)] : null);
        Add("Tensor.MaskedSelect(Tensor)", d => d.Float() is var x ? [x, d.Mask([.. x.Shape])] : null);
        Add("Tensor.NonZero()", d => [d.Mask(d.Shape(1, 3))]);
        Add("Tensor.OneHot(int, DType)", d => [d.Indices(d.Shape(0, 3), 4), d.Int(4, 6), new RunType()]);
        Add("Tensor.Embedding(Tensor, Tensor, int?, bool)", d =>
        {
            // The row of padding gets no gradient, so no index names it.
            var w = d.OfRank(2);
            int rows = w.Shape[0];
            return rows < 2 ? null : d.Coin(0.3) ? [w, d.Indices(d.Shape(0, 2), rows - 1), rows - 1, d.Coin()]
                : [w, d.Indices(d.Shape(0, 2), rows), null, d.Coin()];
        });
    }

    private static (Value X, int Axis)? Lines(Choices d)
        => d.Float(rank: 1) is var x && x.Tensor.Count > 0 ? (x, d.Int(0, x.Rank - 1)) : null;

    // A shape of indices: no longer than the tensor except along the axis.
    private static int[] Line(Choices d, Value x, int axis)
        => [.. x.Shape.Select((n, i) => i == axis ? d.Int(1, n + 2) : d.Coin(0.7) ? n : d.Int(1, n))];
}
