using static System.Runtime.CompilerServices.Unsafe;

namespace DeepNet;

/// <summary>
/// As many floats or doubles as a hardware vector holds: the number that formulas run on in the CPU's loops, written once over the
/// instructions of a width. Functions of floats are those of <see cref="Elementary"/>; those of doubles are .NET's, and
/// <see cref="DoubleFunctions"/> lane by lane.
/// </summary>
/// <remarks>
/// A vector becomes a number by a cast and not by the constructor, which takes two of the 512 locals at which the JIT stops to inline.
/// </remarks>
/// <typeparam name="L">The instructions.</typeparam>
/// <typeparam name="R">The hardware vector.</typeparam>
/// <typeparam name="T">Its element: float or double.</typeparam>
/// <param name="v">The lanes.</param>
internal readonly unsafe struct Wide<L, R, T>(R v) : ISimd<Wide<L, R, T>, T>, IFloatLanes<Wide<L, R, T>>
    where L : ILanes<R, T>
    where R : unmanaged
    where T : unmanaged
{
    /// <summary>The lanes.</summary>
    public readonly R V = v;

    public static int Lanes => L.Count;

    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Broadcast(T value) => BitCast<R, Wide<L, R, T>>(L.Broadcast(value));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Constant(double value) => BitCast<R, Wide<L, R, T>>(L.Create(value));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Load(T* p) => BitCast<R, Wide<L, R, T>>(L.Load(p));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> LoadPart(T* p, int n) => BitCast<R, Wide<L, R, T>>(L.LoadPart(p, n));
    [MethodImpl(AggressiveInlining)] public void Store(T* p) => L.Store(V, p);
    [MethodImpl(AggressiveInlining)] public void StorePart(T* p, int n) => L.StorePart(V, p, n);
    [MethodImpl(AggressiveInlining)] public void StoreBool(byte* p) => L.StoreBool(V, p);

    [MethodImpl(AggressiveInlining)] public static T Sum(Wide<L, R, T> v) => L.Sum(v.V);
    [MethodImpl(AggressiveInlining)] public static T MaxLane(Wide<L, R, T> v) => L.MaxLane(v.V);
    [MethodImpl(AggressiveInlining)] public static T MinLane(Wide<L, R, T> v) => L.MinLane(v.V);

    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> operator +(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.Add(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> operator -(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.Subtract(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> operator *(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.Multiply(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> operator /(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.Divide(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> operator -(Wide<L, R, T> a)
        => BitCast<R, Wide<L, R, T>>(L.Xor(a.V, L.Create(-0.0)));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Fma(Wide<L, R, T> a, Wide<L, R, T> b, Wide<L, R, T> c)
        => BitCast<R, Wide<L, R, T>>(L.MulAdd(a.V, b.V, c.V));

    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Sqrt(Wide<L, R, T> x) => BitCast<R, Wide<L, R, T>>(L.Sqrt(x.V));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Abs(Wide<L, R, T> x) => BitCast<R, Wide<L, R, T>>(L.Abs(x.V));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Floor(Wide<L, R, T> x) => BitCast<R, Wide<L, R, T>>(L.Floor(x.V));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Ceil(Wide<L, R, T> x) => BitCast<R, Wide<L, R, T>>(L.Ceiling(x.V));
    [MethodImpl(AggressiveInlining)] public static Wide<L, R, T> Round(Wide<L, R, T> x) => BitCast<R, Wide<L, R, T>>(L.Round(x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Max(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.Max(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Min(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.Min(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> IfGreater(Wide<L, R, T> p, Wide<L, R, T> q, Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.IfGreater(p.V, q.V, a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> IfEqual(Wide<L, R, T> p, Wide<L, R, T> q, Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.IfEqual(p.V, q.V, a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Exp(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Exp(x) : BitCast<R, Wide<L, R, T>>(L.Exp(x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Log(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Log(x) : BitCast<R, Wide<L, R, T>>(L.Log(x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Sin(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Sin(x) : BitCast<R, Wide<L, R, T>>(L.Sin(x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Cos(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Cos(x) : BitCast<R, Wide<L, R, T>>(L.Cos(x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Pow(Wide<L, R, T> a, Wide<L, R, T> b)
        => sizeof(T) == sizeof(float) ? Elementary.Pow(a, b) : BitCast<R, Wide<L, R, T>>(L.Pow(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> OnePlusExp(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.OnePlusExp(x) : Constant(1) + Exp(x);
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> NormalCdf(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.NormalCdf(x) : Constant(0.5) * Erfc(x * Constant(-0.70710678118654752));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Expm1(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Expm1(x) : EachDouble<DoubleFunctions.EachExpm1>(x);
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Log1p(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Log1p(x) : EachDouble<DoubleFunctions.EachLog1p>(x);
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Atan(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Atan(x) : EachDouble<DoubleFunctions.EachAtan>(x);
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Tanh(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Tanh(x) : EachDouble<DoubleFunctions.EachTanh>(x);
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Erf(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Erf(x) : EachDouble<DoubleFunctions.EachErf>(x);
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Erfc(Wide<L, R, T> x)
        => sizeof(T) == sizeof(float) ? Elementary.Erfc(x) : EachDouble<DoubleFunctions.EachErfc>(x);

    // What the functions of floats are made of.
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> AtLeast(double limit, Wide<L, R, T> x)
        => BitCast<R, Wide<L, R, T>>(L.MaxNative(L.Create(limit), x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> AtMost(double limit, Wide<L, R, T> x)
        => BitCast<R, Wide<L, R, T>>(L.MinNative(L.Create(limit), x.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> CopySign(Wide<L, R, T> magnitude, Wide<L, R, T> sign)
        => BitCast<R, Wide<L, R, T>>(L.Select(L.Create(-0.0), sign.V, magnitude.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> FlipSignIfOdd(Wide<L, R, T> x, Wide<L, R, T> n)
        => BitCast<R, Wide<L, R, T>>(L.Xor(x.V, L.ShiftLeft(L.Add(n.V, L.Create(FloatBits.Shift)), 31)));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> PowerOfTwo(Wide<L, R, T> n)
        => BitCast<R, Wide<L, R, T>>(L.ShiftLeft(L.Add(n.V, L.Create(FloatBits.ShiftAndBias)), 23));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> Scale(Wide<L, R, T> x, Wide<L, R, T> n)
        => BitCast<R, Wide<L, R, T>>(L.Scale(x.V, n.V));
    [MethodImpl(AggressiveInlining)]
    public static Wide<L, R, T> PowPositive(Wide<L, R, T> a, Wide<L, R, T> b)
        => BitCast<R, Wide<L, R, T>>(L.PowPositive(a.V, b.V));
    [MethodImpl(AggressiveInlining)] public static bool AllWithin(Wide<L, R, T> x, double low, double high) => L.AllWithin(x.V, low, high);

    [MethodImpl(AggressiveInlining)]
    public static (Wide<L, R, T> Integral, Wide<L, R, T> Power) NearestPower(Wide<L, R, T> x, double factor)
    {
        R shift = L.Create(FloatBits.ShiftAndBias), shifted = L.MulAdd(x.V, L.Create(factor), shift);
        return (BitCast<R, Wide<L, R, T>>(L.Subtract(shifted, shift)), BitCast<R, Wide<L, R, T>>(L.ShiftLeft(shifted, 23)));
    }

    [MethodImpl(AggressiveInlining)]
    public static (Wide<L, R, T> Mantissa, Wide<L, R, T> Exponent) Split(Wide<L, R, T> x)
    {
        R exponent = L.ShiftRight(L.SubtractBits(x.V, L.Create(BitConverter.Int32BitsToSingle(FloatBits.SqrtHalf))), 23);
        R mantissa = L.SubtractBits(x.V, L.ShiftLeft(exponent, 23));
        return (BitCast<R, Wide<L, R, T>>(mantissa), BitCast<R, Wide<L, R, T>>(L.ConvertBits(exponent)));
    }

    // Cold: calls keep the loops around them small. A vector is its lanes in order.

    [MethodImpl(NoInlining)]
    public static Wide<L, R, T> PerLane<TFunction>(Wide<L, R, T> x) where TFunction : struct, IFloatFunction
    {
        for (int i = 0; i < Lanes; i++) ((float*)&x)[i] = TFunction.Of(((float*)&x)[i]);
        return x;
    }

    [MethodImpl(NoInlining)]
    public static Wide<L, R, T> PerLane<TFunction>(Wide<L, R, T> a, Wide<L, R, T> b) where TFunction : struct, IFloatFunction2
    {
        for (int i = 0; i < Lanes; i++) ((float*)&a)[i] = TFunction.Of(((float*)&a)[i], ((float*)&b)[i]);
        return a;
    }

    [MethodImpl(NoInlining)]
    private static Wide<L, R, T> EachDouble<TFunction>(Wide<L, R, T> x) where TFunction : struct, IDoubleFunction
        => BitCast<R, Wide<L, R, T>>(L.EachDouble<TFunction>(x.V));
}
