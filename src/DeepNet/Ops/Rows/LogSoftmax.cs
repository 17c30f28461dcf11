namespace DeepNet.Ops;

/// <summary>x − ln Σ eˣ along one axis; nothing overflows. A row of −∞ only, and one with ∞, is NaN.</summary>
internal sealed class LogSoftmax(int axis)
    : RowOperator<MaxFold, LogExpFold, LogSoftmax.Shifted>(default, default, default, 1u << axis, keepDim: true), ISampled
{
    public static Tensor Of(Tensor x, int axis)
        => new LogSoftmax(Axis.Normalize("log_softmax", axis, x.Shape)).Apply(x.To(DTypes.ComputeFloating(x.DType)));

    public override string Name => "log_softmax";

    /// <summary>x − A − B, in this order: the sum of the two may lose what the second says.</summary>
    internal readonly struct Shifted : IRowMap<Shifted>, IReadsX
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Shifted map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X - k.A - k.B;
    }

    /// <summary>Σ g.</summary>
    internal readonly struct GradientSum : IRowFold<GradientSum>, IReadsG
    {
        [MethodImpl(AggressiveInlining)]
        public static V Term<V>(GradientSum fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.G;
        [MethodImpl(AggressiveInlining)]
        public static void Close<V>(GradientSum fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.A = sums.A;
    }

    /// <summary>g − eʸ·Σ g, with y in the place of x: as short as what the formulas give, and with fewer rounding errors.</summary>
    internal readonly struct Gradient : IRowMap<Gradient>, IReadsX, IReadsG
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Gradient map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.G - V.Exp(e.X) * k.A;
    }

    private protected override bool HasOwnGradient => true;

    private protected override void Keep(Tensor x, Tensor y) => SaveResult(0, y);

    protected override void Vjp(Tensor gradient) => GiveRows(default(GradientSum), default(Gradient), Saved(0), gradient);

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => x[0].LogSoftmax(-1), Sample.Values(2, 3)),
        new("columns", x => x[0].LogSoftmax(0), Sample.Values(4, 3)),
        new("middle axis", x => x[0].LogSoftmax(1), Sample.Values(2, 3, 2)),
        new("of a transpose", x => x[0].T.LogSoftmax(-1), Sample.Values(3, 2)),
    ];
}
