namespace DeepNet.Ilgpu;

/// <summary>
/// A row operator: the threads of a row take elements, or fours of them, side by side, and what they hold is combined in a tree. Views
/// that a formula does not read are those of X: compilers drop what is loaded for nothing.
/// </summary>
internal struct RowJob<TFirst, TSecond, TMap, V, T> : IGroupJob
    where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
    where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TFirst First;
    public TSecond Second;
    public TMap Map;
    public ArrayView<T> X, G, W, Y, Gradient, Counted, Given, Saved;
    public ArrayView<long> Labels;
    public RowPartition Share;
    public long IgnoreIndex;

    public int Length, Rows;

    /// <summary>The number of numbers that the folds carry; 0 for no fold.</summary>
    public int FirstSums, SecondSums;

    /// <summary>1 for a gradient of each row's number, 2 for that of their mean.</summary>
    public int HasGradient;

    public int IsResult, HasLabels, HasWeights, HasCounted, GivenCount, SavedCount;

    public static string Name => "rows";

    public void Run(long group)
    {
        var row = Share.Of(group);
        V n = V.OfInt32(Length);
        RowState<V> k = default;
        RowGiven<V> given = default;
        long label = -1;
        bool counts = true;
        if (row.IsThere)
        {
            if (GivenCount > 0) k.A = V.From(Given[row.Index * GivenCount]);
            if (GivenCount > 1) k.B = V.From(Given[row.Index * GivenCount + 1]);
            if (GivenCount > 2)
            {
                k.P = V.From(Given[row.Index * GivenCount + 2]);
                k.Q = V.From(Given[row.Index * GivenCount + 3]);
            }
            if (HasGradient == 1) given.G = V.From(Gradient[row.Index]);
            if (HasGradient == 2) given.G = V.From(Gradient[0]) / (HasCounted != 0 ? V.From(Counted[0]) : V.OfInt32(Rows));
            if (HasLabels != 0)
            {
                label = Labels[row.Index];
                counts = label != IgnoreIndex;
                label = Places.Of(counts ? label : 0, Share.Length);
                given.W = HasWeights != 0 ? V.From(W[label]) : V.Constant(1);
            }
        }
        TMap.Prepare(Map, given, n, ref k);
        var first = Fold(First, FirstSums, row, k);
        TFirst.Close(First, first, n, ref k);
        var second = Fold(Second, SecondSums, row, k);
        TSecond.Close(Second, second, n, ref k);
        if (row.IsFirst)
        {
            if (SavedCount > 0)
            {
                Saved[row.Index * SavedCount] = V.To(k.A);
                Saved[row.Index * SavedCount + 1] = V.To(k.B);
            }
            if (SavedCount > 2)
            {
                Saved[row.Index * SavedCount + 2] = V.To(first.A);
                Saved[row.Index * SavedCount + 3] = V.To(second.A);
            }
            if (IsResult != 0)
            {
                var atLabel = new RowElement<V> { X = V.From(X[row.Begin + (HasLabels != 0 ? label : 0)]), W = given.W };
                Y[row.Index] = V.To(counts ? TMap.Of(Map, atLabel, k) : V.Constant(0));
            }
        }
        if (IsResult == 0) Put(row, k, label, counts);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly RowSums<V> Fold<TFold>(TFold fold, int sums, in Row row, in RowState<V> k) where TFold : unmanaged, IRowFold<TFold>
    {
        V a = TFold.Neutral<V>(), zero = V.Constant(0), b = zero, c = zero;
        long length = sums == 0 ? 0 : row.Length;
        if (Share.IsWide != 0)
        {
            V a1 = a, b1 = b, c1 = c, a2 = a, b2 = b, c2 = c, a3 = a, b3 = b, c3 = c;
            ArrayView<Four<T>> xs = Wide(X), gs = Wide(G), ws = Wide(W);
            for (long i = row.Lane; i < length >> 2; i += row.Lanes)
            {
                Four<T> x = xs[(row.Begin >> 2) + i], g = gs[(row.Begin >> 2) + i], w = ws[i];
                TFold.Add(fold, Element(x.A, g.A, w.A), k, ref a, ref b, ref c);
                TFold.Add(fold, Element(x.B, g.B, w.B), k, ref a1, ref b1, ref c1);
                TFold.Add(fold, Element(x.C, g.C, w.C), k, ref a2, ref b2, ref c2);
                TFold.Add(fold, Element(x.D, g.D, w.D), k, ref a3, ref b3, ref c3);
            }
            a = TFold.Combine(TFold.Combine(a, a1), TFold.Combine(a2, a3));
            b = b + b1 + (b2 + b3);
            c = c + c1 + (c2 + c3);
        }
        else
        {
            for (long i = row.Lane; i < length; i += row.Lanes)
                TFold.Add(fold, Element(X[row.Begin + i], G[row.Begin + i], W[i]), k, ref a, ref b, ref c);
        }
        // A single lane has nothing to combine, and meets nobody.
        return new()
        {
            A = Folding.Fold<FoldRule<TFold>, V, T>(a, sums > 0 ? row.Lanes : 1),
            B = Folding.Fold<AddUp, V, T>(b, sums > 1 ? row.Lanes : 1),
            C = Folding.Fold<AddUp, V, T>(c, sums > 2 ? row.Lanes : 1),
        };
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(in Row row, in RowState<V> k, long label, bool counts)
    {
        if (Share.IsWide != 0)
        {
            ArrayView<Four<T>> xs = Wide(X), gs = Wide(G), ws = Wide(W), ys = Wide(Y);
            for (long i = row.Lane; i < row.Length >> 2; i += row.Lanes)
            {
                Four<T> x = xs[(row.Begin >> 2) + i], g = gs[(row.Begin >> 2) + i], w = ws[i];
                ys[(row.Begin >> 2) + i] = new(
                    Mapped(x.A, g.A, w.A, k, 4 * i == label, counts), Mapped(x.B, g.B, w.B, k, 4 * i + 1 == label, counts),
                    Mapped(x.C, g.C, w.C, k, 4 * i + 2 == label, counts), Mapped(x.D, g.D, w.D, k, 4 * i + 3 == label, counts));
            }
        }
        else
        {
            for (long i = row.Lane; i < row.Length; i += row.Lanes)
                Y[row.Begin + i] = Mapped(X[row.Begin + i], G[row.Begin + i], W[i], k, i == label, counts);
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T Mapped(T x, T g, T w, in RowState<V> k, bool isLabel, bool counts)
    {
        V y = TMap.Of(Map, Element(x, g, w), k);
        if (isLabel) y = TMap.AtLabel(Map, y, k);
        return V.To(counts ? y : V.Constant(0));
    }

    [MethodImpl(AggressiveInlining)]
    private static RowElement<V> Element(T x, T g, T w) => new() { X = V.From(x), G = V.From(g), W = V.From(w) };

    [MethodImpl(AggressiveInlining)]
    private static ArrayView<Four<T>> Wide(ArrayView<T> view) => view.AsAligned(Fours.Alignment).Cast<Four<T>>();
}
