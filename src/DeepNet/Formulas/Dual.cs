namespace DeepNet;

/// <summary>
/// A value and its derivative along one direction: forward-mode differentiation over any other interpreter.
/// The rules are the Backward formulas of the corresponding operators, so there is one truth about each derivative.
/// </summary>
/// <typeparam name="V">The interpreter that value and derivative are computed in; may be a <see cref="Dual{V}"/> itself.</typeparam>
/// <param name="value">The value.</param>
/// <param name="derivative">The derivative.</param>
public readonly struct Dual<V>(V value, V derivative) : INumber<Dual<V>> where V : INumber<V>
{
    /// <summary>The value.</summary>
    public readonly V Value = value;

    /// <summary>The derivative.</summary>
    public readonly V Derivative = derivative;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Constant(double value) => new(V.Constant(value), V.Constant(0));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Constant(Setting value) => new(V.Constant(value), V.Constant(0));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> operator +(Dual<V> a, Dual<V> b) => new(a.Value + b.Value, a.Derivative + b.Derivative);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> operator -(Dual<V> a, Dual<V> b) => new(a.Value - b.Value, a.Derivative - b.Derivative);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> operator *(Dual<V> a, Dual<V> b)
        => new(a.Value * b.Value, V.Fma(a.Derivative, b.Value, a.Value * b.Derivative));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> operator /(Dual<V> a, Dual<V> b)
    {
        V y = a.Value / b.Value;
        return new(y, (a.Derivative - y * b.Derivative) / b.Value);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> operator -(Dual<V> a) => new(-a.Value, -a.Derivative);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Fma(Dual<V> a, Dual<V> b, Dual<V> c)
        => new(V.Fma(a.Value, b.Value, c.Value), V.Fma(a.Derivative, b.Value, V.Fma(a.Value, b.Derivative, c.Derivative)));

    [MethodImpl(AggressiveInlining)]
    private static Dual<V> Apply<TOp>(Dual<V> x) where TOp : unmanaged, IUnaryOp<TOp>
    {
        V y = default(TOp).Forward(x.Value);
        return new(y, TOp.Backward(default, x.Value, y, x.Derivative));
    }

    [MethodImpl(AggressiveInlining)]
    private static Dual<V> Apply<TOp>(Dual<V> a, Dual<V> b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        V y = default(TOp).Forward(a.Value, b.Value);
        return new(y, TOp.Backward(default, a.Value, b.Value, y, a.Derivative).A
            + TOp.Backward(default, a.Value, b.Value, y, b.Derivative).B);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Exp(Dual<V> x) => Apply<Exp>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Expm1(Dual<V> x) => Apply<Expm1>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Log(Dual<V> x) => Apply<Log>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Log1p(Dual<V> x) => Apply<Log1p>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Sin(Dual<V> x) => Apply<Sin>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Cos(Dual<V> x) => Apply<Cos>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Atan(Dual<V> x) => Apply<Atan>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Tanh(Dual<V> x) => Apply<Tanh>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Erf(Dual<V> x) => Apply<Erf>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Erfc(Dual<V> x) => Apply<Erfc>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Sqrt(Dual<V> x) => Apply<Sqrt>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Abs(Dual<V> x) => Apply<Abs>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Floor(Dual<V> x) => Apply<Floor>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Ceil(Dual<V> x) => Apply<Ceil>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Round(Dual<V> x) => Apply<Round>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> NormalCdf(Dual<V> x) => Apply<NormalCdf>(x);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Pow(Dual<V> a, Dual<V> b) => Apply<Pow>(a, b);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Max(Dual<V> a, Dual<V> b) => Apply<Maximum>(a, b);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> Min(Dual<V> a, Dual<V> b) => Apply<Minimum>(a, b);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> IfGreater(Dual<V> p, Dual<V> q, Dual<V> a, Dual<V> b)
        => new(V.IfGreater(p.Value, q.Value, a.Value, b.Value), V.IfGreater(p.Value, q.Value, a.Derivative, b.Derivative));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Dual<V> IfEqual(Dual<V> p, Dual<V> q, Dual<V> a, Dual<V> b)
        => new(V.IfEqual(p.Value, q.Value, a.Value, b.Value), V.IfEqual(p.Value, q.Value, a.Derivative, b.Derivative));
}
