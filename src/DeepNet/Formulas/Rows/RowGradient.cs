namespace DeepNet.Ops;

// The gradient of a row operator, made of its formulas by Dual: a fold and a map again, so whatever runs the operator runs it. With
//
//     A = c1(S1), S1 = Σ f1(x);   B = c2(S2, A), S2 = Σ f2(x, A);   y = m(x, A, B)
//
// it is dx = g·∂m/∂x + dS2·∂f2/∂x + dS1·∂f1/∂x, where dB = Σ g·∂m/∂B, dS2 = dB·∂c2/∂S2, dA = Σ g·∂m/∂A + dB·∂c2/∂A + dS2·Σ ∂f2/∂A and
// dS1 = dA·c1'. The row is given A, B, S1 and S2 in A, B, P and Q; then P is dS1 and Q is dS2.
internal static class RowGradient
{
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Fixed<V>(V v) where V : INumber<V> => new(v, V.Constant(0));

    /// <summary>A number as what is differentiated by.</summary>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Moving<V>(V v) where V : INumber<V> => new(v, V.Constant(1));

    [MethodImpl(AggressiveInlining)]
    public static RowElement<Dual<V>> MovingElement<V>(in RowElement<V> e) where V : INumber<V> => new() { X = Moving(e.X) };

    [MethodImpl(AggressiveInlining)]
    public static RowElement<Dual<V>> FixedElement<V>(in RowElement<V> e) where V : INumber<V> => new() { X = Fixed(e.X) };

    [MethodImpl(AggressiveInlining)]
    public static RowState<Dual<V>> FixedState<V>(in RowState<V> k) where V : INumber<V> => State(Fixed(k.A), Fixed(k.B));

    [MethodImpl(AggressiveInlining)]
    public static RowState<Dual<V>> StateByA<V>(in RowState<V> k) where V : INumber<V> => State(Moving(k.A), Fixed(k.B));

    [MethodImpl(AggressiveInlining)]
    public static RowState<Dual<V>> StateByB<V>(in RowState<V> k) where V : INumber<V> => State(Fixed(k.A), Moving(k.B));

    [MethodImpl(AggressiveInlining)]
    private static RowState<Dual<V>> State<V>(Dual<V> a, Dual<V> b) where V : INumber<V> => new() { A = a, B = b };

    /// <summary>c1'.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V OfFirst<TFirst, V>(TFirst first, V sum, V n) where TFirst : unmanaged, IRowFold<TFirst> where V : INumber<V>
    {
        RowState<Dual<V>> state = State(Fixed(V.Constant(0)), Fixed(V.Constant(0)));
        TFirst.Close(first, new() { A = Moving(sum) }, Fixed(n), ref state);
        return state.A.Derivative;
    }

    /// <summary>The derivative of B by S2 or A, whichever moves.</summary>
    [MethodImpl(AggressiveInlining)]
    private static V OfSecond<TSecond, V>(TSecond second, Dual<V> sum, Dual<V> a, V n)
        where TSecond : unmanaged, IRowFold<TSecond> where V : INumber<V>
    {
        RowState<Dual<V>> state = State(a, Fixed(V.Constant(0)));
        TSecond.Close(second, new() { A = sum }, Fixed(n), ref state);
        return state.B.Derivative;
    }

    /// <summary>dS1 and dS2 from dA, dB and Σ ∂f2/∂A.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void Close<TFirst, TSecond, V>(TFirst first, TSecond second, V da, V db, V inner, V n, ref RowState<V> k)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where V : INumber<V>
    {
        V sum = k.Q;
        k.Q = db * OfSecond(second, Moving(sum), Fixed(k.A), n);
        V all = V.Fma(k.Q, inner, V.Fma(db, OfSecond(second, Fixed(sum), Moving(k.A), n), da));
        k.P = all * OfFirst(first, k.P, n);
    }
}

/// <summary>Of an operator that gives rows: Σ g·∂m/∂A, Σ g·∂m/∂B and Σ ∂f2/∂A.</summary>
internal readonly struct GradientFold<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map)
    : IRowFold<GradientFold<TFirst, TSecond, TMap>>, IReadsX, IReadsG, IThreeSums, IOneAccumulator
    where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
{
    private readonly TFirst first = first;
    private readonly TSecond second = second;
    private readonly TMap map = map;

    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(GradientFold<TFirst, TSecond, TMap> fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
        => e.G * TMap.Of(fold.map, RowGradient.FixedElement(e), RowGradient.StateByA(k)).Derivative;

    [MethodImpl(AggressiveInlining)]
    public static void Add<V>(GradientFold<TFirst, TSecond, TMap> fold, in RowElement<V> e, in RowState<V> k, ref V a, ref V b, ref V c)
        where V : INumber<V>
    {
        RowElement<Dual<V>> at = RowGradient.FixedElement(e);
        RowState<Dual<V>> byA = RowGradient.StateByA(k);
        a = V.Fma(e.G, TMap.Of(fold.map, at, byA).Derivative, a);
        b = V.Fma(e.G, TMap.Of(fold.map, at, RowGradient.StateByB(k)).Derivative, b);
        c += TSecond.Term(fold.second, at, byA).Derivative;
    }

    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(GradientFold<TFirst, TSecond, TMap> fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
        => RowGradient.Close(fold.first, fold.second, sums.A, sums.B, sums.C, n, ref k);
}

/// <summary>Of an operator that gives rows: dx from the state that <see cref="GradientFold{TFirst, TSecond, TMap}"/> leaves.</summary>
internal readonly struct GradientMap<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map)
    : IRowMap<GradientMap<TFirst, TSecond, TMap>>, IReadsX, IReadsG, IGiven
    where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
{
    private readonly TFirst first = first;
    private readonly TSecond second = second;
    private readonly TMap map = map;

    [MethodImpl(AggressiveInlining)]
    public static V Of<V>(GradientMap<TFirst, TSecond, TMap> m, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
    {
        RowElement<Dual<V>> at = RowGradient.MovingElement(e);
        RowState<Dual<V>> state = RowGradient.FixedState(k);
        V outer = V.Fma(e.G, TMap.Of(m.map, at, state).Derivative, k.P * TFirst.Term(m.first, at, state).Derivative);
        return V.Fma(k.Q, TSecond.Term(m.second, at, state).Derivative, outer);
    }
}

/// <summary>Of an operator that gives one number for each row: Σ ∂f2/∂A, of which R is the share that dS1 takes.</summary>
internal readonly struct ResultGradientFold<TSecond>(TSecond second) : IRowFold<ResultGradientFold<TSecond>>, IReadsX, IOneAccumulator
    where TSecond : unmanaged, IRowFold<TSecond>
{
    private readonly TSecond second = second;

    [MethodImpl(AggressiveInlining)]
    public static V Term<V>(ResultGradientFold<TSecond> fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
        => TSecond.Term(fold.second, RowGradient.FixedElement(e), RowGradient.StateByA(k)).Derivative;

    [MethodImpl(AggressiveInlining)]
    public static void Close<V>(ResultGradientFold<TSecond> fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
        => k.P = V.Fma(k.R, sums.A, k.P);
}

/// <summary>Of an operator that gives one number for each row: dx = dS2·∂f2/∂x + dS1·∂f1/∂x.</summary>
internal readonly struct ResultGradientMap<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map)
    : IRowMap<ResultGradientMap<TFirst, TSecond, TMap>>, IReadsX, IGiven
    where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
{
    private readonly TFirst first = first;
    private readonly TSecond second = second;
    private readonly TMap map = map;

    [MethodImpl(AggressiveInlining)]
    public static void Prepare<V>(ResultGradientMap<TFirst, TSecond, TMap> m, in RowGiven<V> given, V n, ref RowState<V> k)
        where V : INumber<V>
    {
        RowElement<Dual<V>> none = default;
        RowState<Dual<V>> byA = RowGradient.StateByA(k);
        RowState<Dual<V>> byB = RowGradient.StateByB(k);
        V da = given.G * TMap.Of(m.map, none, byA).Derivative, db = given.G * TMap.Of(m.map, none, byB).Derivative;
        V ofFirst = RowGradient.OfFirst(m.first, k.P, n);
        RowGradient.Close(m.first, m.second, da, db, V.Constant(0), n, ref k);
        k.R = k.Q * ofFirst;
    }

    [MethodImpl(AggressiveInlining)]
    public static V Of<V>(ResultGradientMap<TFirst, TSecond, TMap> m, in RowElement<V> e, in RowState<V> k) where V : INumber<V>
    {
        RowElement<Dual<V>> at = RowGradient.MovingElement(e);
        RowState<Dual<V>> state = RowGradient.FixedState(k);
        return V.Fma(k.Q, TSecond.Term(m.second, at, state).Derivative, k.P * TFirst.Term(m.first, at, state).Derivative);
    }
}
