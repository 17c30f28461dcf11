using DeepNet.Devices.Cpu;

namespace DeepNet.Ops;

/// <summary>ln Σ eˣ over any axes, shifted by the maximum so that nothing overflows; −∞ over nothing. A row that reaches ∞ is ∞.</summary>
internal sealed class LogSumExp(uint mask, bool keepDim)
    : RowOperator<LogSumExp.FiniteMaxFold, LogExpFold, LogSumExp.Total>(default, default, default, mask, keepDim), ISampled
{
    public static Tensor Of(Tensor x, uint mask, bool keepDim)
        => new LogSumExp(mask, keepDim).Apply(x.To(DTypes.ComputeFloating(x.DType)));

    public override string Name => "log_sum_exp";

    private protected override double OverNothing => double.NegativeInfinity;

    /// <summary>The largest element, or 0 if it is not finite: a shift that does no harm to rows of −∞ and rows with ∞.</summary>
    internal readonly struct FiniteMaxFold : IRowFold<FiniteMaxFold>, IReadsX, IShift
    {
        [MethodImpl(AggressiveInlining)]
        public static V Term<V>(FiniteMaxFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X;
        [MethodImpl(AggressiveInlining)]
        public static V Neutral<V>() where V : INumber<V> => MaxFold.Neutral<V>();
        [MethodImpl(AggressiveInlining)]
        public static V Combine<V>(V a, V b) where V : INumber<V> => MaxFold.Combine(a, b);
        [MethodImpl(AggressiveInlining)]
        public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => MaxFold.Across<V, T>(v);
        [MethodImpl(AggressiveInlining)]
        public static void Close<V>(FiniteMaxFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
            => k.A = V.IfEqual(sums.A - sums.A, V.Constant(0), sums.A, V.Constant(0));
    }

    internal readonly struct Total : IRowMap<Total>, IResult
    {
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Total map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => k.A + k.B;
    }

    /// <summary>g·e^(x − y), with y in A.</summary>
    internal readonly struct Gradient : IRowMap<Gradient>, IReadsX, IGiven
    {
        [MethodImpl(AggressiveInlining)]
        public static void Prepare<V>(Gradient map, in RowGiven<V> given, V n, ref RowState<V> k) where V : INumber<V> => k.P = given.G;
        [MethodImpl(AggressiveInlining)]
        public static V Of<V>(Gradient map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => k.P * V.Exp(e.X - k.A);
    }

    private protected override bool HasOwnGradient => true;

    private protected override void Keep(Tensor x, Tensor y)
    {
        Save(0, x);
        SaveResult(1, y);
    }

    protected override void Vjp(Tensor gradient) => GiveRows(default(NoFold), default(Gradient), Saved(0), null, gradient, Saved(1));

    public static IEnumerable<Sample> Samples =>
    [
        new("everything", x => x[0].LogSumExp(), Sample.Values(2, 3)),
        new("rows", x => x[0].LogSumExp(1), Sample.Values(2, 3)),
        new("columns, kept", x => x[0].LogSumExp(0, keepDim: true), Sample.Values(4, 3)),
        new("outer axes", x => x[0].LogSumExp([0, 2]), Sample.Values(2, 3, 2)),
    ];
}
