namespace DeepNet.SampleDevice;

public sealed unsafe partial class SampleDevice
{
    /// <inheritdoc/>
    protected override void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
    {
        Elements from = Of(x), to = Of(y);
        for (nint i = 0; i < to.Count; i++) to[i] = TRule.Neutral<F64>();
        for (nint i = 0; i < from.Count; i++)
        {
            // The element's place in the result, whose reduced axes have length 1.
            nint rest = i, at = 0, step = 1;
            for (int axis = x.Rank - 1; axis >= 0 && y.Count > 1; rest /= x.Shape[axis--])
            {
                if (y.Shape[axis] > 1) at += rest % x.Shape[axis] * step;
                step *= y.Shape[axis];
            }
            to[at] = TRule.Combine(to[at], map.Forward(from[i]));
        }
        GC.KeepAlive((x, y));
    }

    /// <inheritdoc/>
    protected override void Rows<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, in RowOperands on)
    {
        var rows = on;                                   // which the local functions below may read
        Elements x = Of(rows.X), y = Of(rows.Y), g = Of(rows.G, rows.X), w = Of(rows.W, rows.X), given = Of(rows.Given, rows.X);
        Elements saved = Of(rows.Saved, rows.X), gradient = Of(rows.Gradient, rows.X), labels = Of(rows.Labels, rows.X);
        F64 n = new(rows.Length), mean = new(rows.Counted is null ? rows.Rows : Of(rows.Counted)[0].V);
        for (nint row = 0; row < rows.Rows; row++)
        {
            var k = new RowState<F64>();
            nint begin = row * rows.Length, label = rows.Labels is null ? -1 : (nint)labels[row].V;
            bool counts = rows.Labels is null || label != rows.IgnoreIndex;
            if (rows.Given is not null)
            {
                nint count = rows.Given.Count / rows.Rows, at = row * count;
                k.A = given[at];
                if (count > 1) k.B = given[at + 1];
                if (count > 2) (k.P, k.Q) = (given[at + 2], given[at + 3]);
            }
            if (default(TMap) is IGiven && counts)
            {
                var own = new RowGiven<F64> { W = new(1) };
                if (rows.Gradient is not null) own.G = rows.IsMean ? gradient[0] / mean : gradient[row];
                if (label >= 0 && rows.W is not null) own.W = w[label];
                TMap.Prepare(map, own, n, ref k);
            }
            RowElement<F64> At(nint i) => new()
            {
                X = x[begin + i], G = rows.G is null ? default : g[begin + i], W = rows.W is null ? new(1) : w[i],
            };
            RowSums<F64> Fold<TFold>(TFold fold, ref RowState<F64> k) where TFold : unmanaged, IRowFold<TFold>
            {
                var sums = new RowSums<F64> { A = TFold.Neutral<F64>() };
                for (nint i = 0; i < rows.Length; i++) TFold.Add(fold, At(i), k, ref sums.A, ref sums.B, ref sums.C);
                TFold.Close(fold, sums, n, ref k);
                return sums;
            }
            RowSums<F64> sums1 = default, sums2 = default;
            if (typeof(TFirst) != typeof(NoFold)) sums1 = Fold(first, ref k);
            if (typeof(TSecond) != typeof(NoFold)) sums2 = Fold(second, ref k);
            if (rows.Saved is not null)
            {
                nint count = rows.Saved.Count / rows.Rows, at = row * count;
                (saved[at], saved[at + 1]) = (k.A, k.B);
                if (count > 2) (saved[at + 2], saved[at + 3]) = (sums1.A, sums2.A);
            }
            if (default(TMap) is IResult)
            {
                y[row] = !counts ? default
                    : TMap.Of(map, label >= 0 ? At(label) with { W = rows.W is null ? new(1) : w[label] } : default, k);
                continue;
            }
            for (nint i = 0; i < rows.Length; i++) y[begin + i] = counts ? TMap.Of(map, At(i), k) : default;
            if (label >= 0 && counts) y[begin + label] = TMap.AtLabel(map, y[begin + label], k);
        }
        rows.KeepAlive();
    }
}
