namespace DeepNet.Ops;

/// <summary>eˣ / Σ eˣ along one axis; nothing overflows. A row of −∞ only, and one with ∞, is NaN.</summary>
internal sealed class Softmax(int axis)
    : RowOperator<MaxFold, Softmax.ExpFold, Softmax.Scaled>(default, default, default, 1u << axis, keepDim: true), ISampled
{
    public static Tensor Of(Tensor x, int axis)
        => new Softmax(Axis.Normalize("softmax", axis, x.Shape)).Apply(x.To(DTypes.ComputeFloating(x.DType)));

    public override string Name => "softmax";

    /// <summary>Σ e^(x − A), closed to its reciprocal.</summary>
    internal readonly struct ExpFold : IRowFold<ExpFold>, IReadsX, IOneAccumulator, IOfDistance
    {
        [MethodImpl(AggressiveInlining)]
        public static V Term<V>(ExpFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => V.Exp(e.X - k.A);
        [MethodImpl(AggressiveInlining)]
        public static void Close<V>(ExpFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
            => k.B = V.Constant(1) / sums.A;
    }

    internal readonly struct Scaled : IRowMap<Scaled>, IReadsX, IMapsTerms
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Scaled map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => V.Exp(e.X - k.A) * k.B;
        [MethodImpl(AggressiveInlining)]
        public static V OfTerm<V>(Scaled map, V term, in RowState<V> k) where V : INumber<V> => term * k.B;
    }

    /// <summary>y·(g − Σ y·g), with y in the place of x: shorter than what the formulas give, which takes the exponentials again.</summary>
    internal readonly struct Gradient : IRowMap<Gradient>, IReadsX, IReadsG
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Gradient map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X * (e.G - k.A);
    }

    private protected override bool HasOwnGradient => true;

    private protected override void Keep(Tensor x, Tensor y) => SaveResult(0, y);

    protected override void Vjp(Tensor gradient) => GiveRows(default(DotFold), default(Gradient), Saved(0), gradient);

    public static IEnumerable<Sample> Samples =>
    [
        new("rows", x => x[0].Softmax(-1), Sample.Values(2, 3)),
        new("columns", x => x[0].Softmax(0), Sample.Values(4, 3)),
        new("middle axis", x => x[0].Softmax(1), Sample.Values(2, 3, 2)),
        new("of a transpose", x => x[0].T.Softmax(-1), Sample.Values(3, 2)),
    ];
}
