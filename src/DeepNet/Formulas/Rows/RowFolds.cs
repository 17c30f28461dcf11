using DeepNet.Devices.Cpu;

namespace DeepNet.Ops;

// Folds that several row operators are made of.

/// <summary>The largest element. NaN is passed over, which saves an instruction: it shows up in the next pass anyway.</summary>
internal readonly struct MaxFold : IRowFold<MaxFold>, IReadsX, IShift
{
    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(MaxFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X;
    [MethodImpl(AggressiveInlining)]
    public static V Neutral<V>() where V : INumber<V> => V.Constant(double.NegativeInfinity);
    [MethodImpl(AggressiveInlining)]
    public static V Combine<V>(V a, V b) where V : INumber<V> => V.IfGreater(b, a, b, a);
    [MethodImpl(AggressiveInlining)]
    public static T Across<V, T>(V v) where V : unmanaged, ISimd<V, T> where T : unmanaged => V.MaxLane(v);
    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(MaxFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.A = sums.A;
}

/// <summary>Σ x.</summary>
internal readonly struct SumFold : IRowFold<SumFold>, IReadsX
{
    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(SumFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X;
    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(SumFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.A = sums.A;
}

/// <summary>Σ x·g.</summary>
internal readonly struct DotFold : IRowFold<DotFold>, IReadsX, IReadsG, ITwoAccumulators
{
    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(DotFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X * e.G;
    [MethodImpl(AggressiveInlining)]
    public static void Add<V>(DotFold fold, in RowElement<V> e, in RowState<V> k, ref V a, ref V b, ref V c) where V : INumber<V>
        => a = V.Fma(e.X, e.G, a);
    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(DotFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.A = sums.A;
}

/// <summary>Σ e^(x − A), closed to its logarithm.</summary>
internal readonly struct LogExpFold : IRowFold<LogExpFold>, IReadsX, IOneAccumulator, IOfDistance
{
    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(LogExpFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => V.Exp(e.X - k.A);
    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(LogExpFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V> => k.B = V.Log(sums.A);
}

/// <summary>Σ (x − A)² over a divisor: a second pass, so that nothing cancels.</summary>
internal readonly struct SquareFold(double divisor) : IRowFold<SquareFold>, IReadsX, IOfDistance
{
    private readonly Setting divisor = new(divisor);

    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(SquareFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
    {
        V distance = e.X - k.A;
        return distance * distance;
    }
    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(SquareFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
        => k.B = sums.A / V.Constant(fold.divisor);
}
