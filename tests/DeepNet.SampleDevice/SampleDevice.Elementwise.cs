namespace DeepNet.SampleDevice;

public sealed unsafe partial class SampleDevice
{
    /// <inheritdoc/>
    protected override void Map<TOp>(TOp op, Tensor x, Tensor y)
    {
        Elements from = Of(x), to = Of(y);
        for (nint i = 0; i < to.Count; i++) to[i] = op.Forward(from[i]);
        GC.KeepAlive((x, y));
    }

    /// <inheritdoc/>
    protected override void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
    {
        Elements a = Of(x), b = Of(y), gradient = Of(g), to = Of(dx);
        for (nint i = 0; i < to.Count; i++) to[i] = TOp.Backward(op, a[i], b[i], gradient[i]);
        GC.KeepAlive((x, y, g, dx));
    }

    /// <inheritdoc/>
    protected override void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y)
    {
        Elements left = Of(a.Expand(y.Shape)), right = Of(b.Expand(y.Shape)), to = Of(y);
        for (nint i = 0; i < to.Count; i++) to[i] = op.Forward(left[i], right[i]);
        GC.KeepAlive((a, b, y));
    }

    /// <inheritdoc/>
    protected override void ZipBackward<TOp>(
        TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, bool isRow = false)
    {
        Elements left = Of(a), right = Of(b), result = Of(y), gradient = Of(g), toA = Of(da, g), toB = Of(db, g);
        nint row = isRow ? (db ?? b).Count : g.Count;
        var sums = new F64[row];
        for (nint i = 0; i < g.Count; i++)
        {
            var (ofA, ofB) = TOp.Backward(op, left[i], right[isRow ? i % right.Count : i], result[i], gradient[i]);
            sums[i % row] += ofB;
            if (da is not null) toA[i] = ofA;
        }
        if (db is not null)
            for (nint i = 0; i < row; i++) toB[i] = sums[i];
        GC.KeepAlive((a, b, y, g, da, db));
    }

    /// <inheritdoc/>
    protected override void Select(Tensor condition, Tensor a, Tensor b, Tensor y)
    {
        Elements chosen = Of(condition), left = Of(a), right = Of(b), to = Of(y);
        for (nint i = 0; i < to.Count; i++) to[i] = chosen[i].V != 0 ? left[i] : right[i];
        GC.KeepAlive((condition, a, b, y));
    }

    /// <inheritdoc/>
    protected override void Copy(Tensor from, Tensor to)
    {
        Elements source = Of(from), target = Of(to);
        for (nint i = 0; i < target.Count; i++) target[i] = source[i];
        GC.KeepAlive((from, to));
    }

    /// <inheritdoc/>
    protected override void Fill(Tensor tensor, Scalar value)
    {
        var to = Of(tensor);
        for (nint i = 0; i < to.Count; i++) to[i] = new(value.ToDouble());
        GC.KeepAlive(tensor);
    }

    /// <inheritdoc/>
    protected override void FillRandom<TDistribution>(TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor = null)
    {
        if (y.DType != DType.Float32) throw Lacks($"{nameof(FillRandom)} for {y.DType.Name()}");
        Elements to = Of(y), factors = Of(factor, y);
        const int Group = RandomSource.PairGroup, Half = Group / 2;
        var words = new uint[(y.Count + Group - 1) / Group * Group];
        Philox.Fill(stream.Key, 0, stream.Counter, 0, words);
        for (int i = 0; i < y.Count; i++)
            if (distribution is NormalPairs normal)
            {
                int first = i / Group * Group + i % Half;
                // Rounded to the type of the elements, as everywhere: near 1 the logarithm shows it.
                float u = ((words[first] >> 1) + 0.5f) / (1U << 31), halfTurns = (int)words[first + Half] / (float)(1U << 31);
                var (a, b) = normal.Pair<F64>(new(u), new(halfTurns));
                to[i] = i % Group < Half ? a : b;
            }
            else
            {
                var number = distribution.From<F64>(new((words[i] >> 8) / (double)(1 << 24)));
                to[i] = factor is null ? number : number * factors[i];
            }
        GC.KeepAlive((y, factor));
    }
}
