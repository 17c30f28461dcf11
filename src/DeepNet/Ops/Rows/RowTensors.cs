namespace DeepNet.Ops;

/// <summary>
/// The tensor as the reader of row operators: every step is recorded, so that what comes out can be differentiated again, to any order.
/// The axes of a row stay where they are.
/// </summary>
internal static class RowTensors
{
    /// <summary>The result of an operator, the reduced axes kept.</summary>
    public static Tensor Run<TFirst, TSecond, TMap>(
        TFirst first, TSecond second, TMap map, uint mask, in RowElement<Tensor> e, in RowGiven<Tensor> given, RowState<Tensor> k)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
    {
        TMap.Prepare(map, given, Number<Tensor>(Reduction.Length(e.X.Shape, mask)), ref k);
        Fold(first, mask, e, ref k);
        Fold(second, mask, e, ref k);
        return TMap.Of(map, e, k);
    }

    /// <summary>Folds, and gives the sums that the numbers were closed from.</summary>
    public static RowSums<Tensor> Fold<TFold>(TFold fold, uint mask, in RowElement<Tensor> e, ref RowState<Tensor> k)
        where TFold : unmanaged, IRowFold<TFold>
    {
        RowSums<Tensor> sums = default;
        if (typeof(TFold) == typeof(NoFold)) return sums;
        if (default(TFold) is ITwoSums)
        {
            Tensor a = Number<Tensor>(0), b = a, c = a;
            TFold.Add(fold, e, k, ref a, ref b, ref c);
            sums = new() { A = Sum(a, e.X, mask), B = Sum(b, e.X, mask), C = Sum(c, e.X, mask) };
        }
        else if (default(TFold) is IShift)
        {
            sums.A = Extreme.Max(e.X, mask, keepDim: true).Detach();   // the result does not depend on it
        }
        else
        {
            sums.A = Sum(TFold.Term(fold, e, k), e.X, mask);
        }
        TFold.Close(fold, sums, Number<Tensor>(Reduction.Length(e.X.Shape, mask)), ref k);
        return sums;
    }

    /// <summary>Folds by a reduction, which reads any layout; A, if it is read, is taken off x already.</summary>
    public static RowSums<Tensor> Reduce<TFold>(TFold fold, uint mask, Tensor x) where TFold : unmanaged, IRowFold<TFold>
    {
        var term = new FoldTerm<TFold>(fold);
        // Costly terms are stored first: a reduction has its formula in several places, and would call it there.
        return default(TFold) is IOneAccumulator
            ? new() { A = Reduction.Run(new Identity(), default(FoldRule<TFold>), x.Apply(term), mask, keepDim: true) }
            : new() { A = Reduction.Run(term, default(FoldRule<TFold>), x, mask, keepDim: true) };
    }

    // What does not depend on the element is a constant, and is summed as often as there are elements.
    private static Tensor Sum(Tensor terms, Tensor like, uint mask) => Ops.Sum.Of(Constant.Fit(terms, like), mask, keepDim: true);

    private static V Number<V>(double value) where V : INumber<V> => V.Constant(value);
}

/// <summary>The term of a fold as a formula of x, where A is 0.</summary>
internal readonly struct FoldTerm<TFold>(TFold fold) : IUnaryOp<FoldTerm<TFold>> where TFold : unmanaged, IRowFold<TFold>
{
    private readonly TFold fold = fold;

    [MethodImpl(AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => TFold.Term(fold, new RowElement<V> { X = x }, new RowState<V> { A = V.Constant(0) });
}
