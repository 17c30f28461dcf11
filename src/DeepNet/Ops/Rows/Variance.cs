namespace DeepNet.Ops;

/// <summary>Σ (x − mean)² / (n − correction) over any axes; NaN where the divisor is not positive.</summary>
internal sealed class Variance(uint mask, double divisor, bool keepDim)
    : RowOperator<Variance.MeanFold, SquareFold, Variance.Result>(default, new(divisor), default, mask, keepDim), ISampled
{
    // As in PyTorch, a correction of n or more leaves a divisor of zero: ∞, or NaN where there is no spread at all.
    public static Tensor Of(Tensor x, uint mask, double correction, bool keepDim)
        => new Variance(mask, Math.Max(0, Reduction.Length(x.Shape, mask) - correction), keepDim).Apply(
        Reduction.RequireFloating("var", x));

    /// <summary>Gets what the sum of squares is divided by.</summary>
    public double Divisor => divisor;

    public override string Name => "var";

    internal readonly struct MeanFold : IRowFold<MeanFold>, IReadsX
    {
        [MethodImpl(AggressiveInlining)]
        public static V Term<V>(MeanFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X;
        [MethodImpl(AggressiveInlining)]
        public static void Close<V>(MeanFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.A = sums.A / n;
    }

    internal readonly struct Result : IRowMap<Result>, IResult
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Result map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => k.B;
    }

    /// <summary>g·2/divisor·(x − mean): the mean is taken again, so that nothing need be saved but x.</summary>
    internal readonly struct Gradient(double factor) : IRowMap<Gradient>, IReadsX, IGiven
    {
        private readonly Setting factor = new(factor);

        [MethodImpl(AggressiveInlining)]
        public static void Prepare<V>(Gradient map, in RowGiven<V> given, V n, ref RowState<V> k) where V : INumber<V>
            => k.P = given.G * V.Constant(map.factor);
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Gradient map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => k.P * (e.X - k.A);
    }

    private protected override bool HasOwnGradient => true;

    protected override void Vjp(Tensor gradient) => GiveRows(default(MeanFold), new Gradient(2 / divisor), Saved(0), null, gradient);

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => x[0].Var(), Sample.Values(2, 3)),
        new("rows, biased", x => x[0].Var(1, correction: 0), Sample.Values(2, 3)),
        new("columns, kept", x => x[0].Var(0, keepDim: true), Sample.Values(4, 3)),
        new("standard deviation", x => x[0].Std(1), Sample.Values(2, 5)),
        new("outer axes", x => x[0].Var([0, 2]), Sample.Values(2, 3, 2)),
    ];
}
