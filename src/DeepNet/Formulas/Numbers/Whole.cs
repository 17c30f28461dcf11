namespace DeepNet;

/// <summary>
/// One integer (or one bool as a byte): integer tensors run the formulas that have a meaning there. Arithmetic wraps and
/// division rounds towards minus infinity; the other functions are never reached because such tensors become float32 first.
/// </summary>
internal readonly unsafe struct Whole<T>(T v) : ISimd<Whole<T>, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public readonly T V = v;

    public static int Lanes
    {
        [MethodImpl(AggressiveInlining)]
        get => 1;
    }

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Broadcast(T value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Constant(double value) => new(T.CreateSaturating(value));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Load(T* p) => new(*p);

    [MethodImpl(AggressiveInlining)]
    public void Store(T* p) => *p = V;

    public static Whole<T> LoadPart(T* p, int n) => n > 0 ? new(*p) : default;

    public void StorePart(T* p, int n)
    {
        if (n > 0)
            *p = V;
    }

    [MethodImpl(AggressiveInlining)]
    public void StoreBool(byte* p) => *p = T.IsZero(V) ? (byte)0 : (byte)1;

    [MethodImpl(AggressiveInlining)]
    public static T Sum(Whole<T> v) => v.V;

    [MethodImpl(AggressiveInlining)]
    public static T MaxLane(Whole<T> v) => v.V;

    [MethodImpl(AggressiveInlining)]
    public static T MinLane(Whole<T> v) => v.V;

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> operator +(Whole<T> a, Whole<T> b) => new(unchecked(a.V + b.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> operator -(Whole<T> a, Whole<T> b) => new(unchecked(a.V - b.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> operator *(Whole<T> a, Whole<T> b) => new(unchecked(a.V * b.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> operator /(Whole<T> a, Whole<T> b)
    {
        if (T.IsNegative(b.V) && b.V == T.Zero - T.One)
            return -a; // the smallest integer over −1 would trap
        (T quotient, T remainder) = T.DivRem(a.V, b.V);
        return new(!T.IsZero(remainder) && T.IsNegative(remainder) != T.IsNegative(b.V) ? quotient - T.One : quotient);
    }

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> operator -(Whole<T> a) => new(unchecked(T.Zero - a.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Fma(Whole<T> a, Whole<T> b, Whole<T> c) => new(unchecked(a.V * b.V + c.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Abs(Whole<T> x) => T.IsNegative(x.V) ? -x : x;

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Floor(Whole<T> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Ceil(Whole<T> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Round(Whole<T> x) => x;

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Max(Whole<T> a, Whole<T> b) => new(T.Max(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> Min(Whole<T> a, Whole<T> b) => new(T.Min(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> IfGreater(Whole<T> p, Whole<T> q, Whole<T> a, Whole<T> b) => p.V > q.V ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static Whole<T> IfEqual(Whole<T> p, Whole<T> q, Whole<T> a, Whole<T> b) => p.V == q.V ? a : b;

    public static Whole<T> Exp(Whole<T> x) => throw NotOnIntegers("exp");

    public static Whole<T> Expm1(Whole<T> x) => throw NotOnIntegers("expm1");

    public static Whole<T> Log(Whole<T> x) => throw NotOnIntegers("log");

    public static Whole<T> Log1p(Whole<T> x) => throw NotOnIntegers("log1p");

    public static Whole<T> Sin(Whole<T> x) => throw NotOnIntegers("sin");

    public static Whole<T> Cos(Whole<T> x) => throw NotOnIntegers("cos");

    public static Whole<T> Atan(Whole<T> x) => throw NotOnIntegers("atan");

    public static Whole<T> Tanh(Whole<T> x) => throw NotOnIntegers("tanh");

    public static Whole<T> Erf(Whole<T> x) => throw NotOnIntegers("erf");

    public static Whole<T> Erfc(Whole<T> x) => throw NotOnIntegers("erfc");

    public static Whole<T> Sqrt(Whole<T> x) => throw NotOnIntegers("sqrt");

    public static Whole<T> Pow(Whole<T> a, Whole<T> b) => throw NotOnIntegers("pow");

    private static InvalidOperationException NotOnIntegers(string function) => new(
        $"[{function}] has no meaning on {typeof(T).Name}: integer tensors become float32 before it. An operator whose formula uses "
        + $"{function} says OnIntegers by mistake.");
}
