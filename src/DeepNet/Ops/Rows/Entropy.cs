namespace DeepNet.Ops;

/// <summary>
/// −Σ p·ln p over any axes; 0 over nothing. Where p is 0 the term and its gradient are 0, and negative numbers have none: NaN.
/// </summary>
internal sealed class Entropy(uint mask, bool keepDim)
    : RowOperator<Entropy.TermFold, NoFold, Entropy.Result>(default, default, default, mask, keepDim), ISampled
{
    public static Tensor Of(Tensor p, int axis, bool keepDim)
        => new Entropy(Reduction.Mask("entropy", axis, p.Shape), keepDim).Apply(Reduction.RequireFloating("entropy", p));

    public override string Name => "entropy";

    private protected override double OverNothing => 0;

    internal readonly struct TermFold : IRowFold<TermFold>, IReadsX, IOneAccumulator
    {
        [MethodImpl(AggressiveInlining)]
        public static V Term<V>(TermFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
            => -e.X * V.Log(V.IfEqual(e.X, V.Constant(0), V.Constant(1), e.X));
        [MethodImpl(AggressiveInlining)]
        public static void Close<V>(TermFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.A = sums.A;
    }

    internal readonly struct Result : IRowMap<Result>, IResult
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Result map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => k.A;
    }

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => x[0].Entropy(1), Sample.Positive(2, 5)),
        new("columns, kept", x => x[0].Entropy(0, keepDim: true), Sample.Positive(4, 3)),
        new("of a softmax", x => x[0].Softmax(-1).Entropy(-1), Sample.Values(3, 4)),
        new("middle axis, nonlinear", x => x[0].Entropy(1).Square(), Sample.Positive(2, 3, 2)),
    ];
}
