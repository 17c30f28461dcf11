using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Sixteen floats in a 512-bit vector.</summary>
/// <param name="v">The lanes.</param>
internal readonly unsafe struct W512(Vector512<float> v) : ISimd<W512, float>, IFloatLanes<W512>
{
    /// <summary>The lanes.</summary>
    public readonly Vector512<float> V = v;

    public static int Lanes
    {
        [MethodImpl(AggressiveInlining)]
        get => 16;
    }

    [MethodImpl(AggressiveInlining)]
    public static W512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static W512 Constant(double value) => new(Vector512.Create((float)value));

    [MethodImpl(AggressiveInlining)]
    public static W512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(AggressiveInlining)]
    public void Store(float* p) => V.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static W512 LoadPart(float* p, int n)
        => Avx512F.IsSupported ? new(Avx512F.MaskLoad(p, FirstLanes(n), Vector512<float>.Zero)) : Partial.Load<W512, float>(p, n);

    [MethodImpl(AggressiveInlining)]
    public void StorePart(float* p, int n)
    {
        if (Avx512F.IsSupported)
            Avx512F.MaskStore(p, FirstLanes(n), V);
        else
            Partial.Store(this, p, n);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector512<float> FirstLanes(int n) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(n)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public void StoreBool(byte* p)
    {
        Vector512<int> ones = Vector512.AndNot(Vector512.Create(1), Vector512.Equals(V, Vector512<float>.Zero).AsInt32());
        Vector256<short> half = Vector256.Narrow(ones.GetLower(), ones.GetUpper());
        Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(p);
    }

    [MethodImpl(AggressiveInlining)]
    public static float Sum(W512 v) => W256.Sum(new W256(v.V.GetLower() + v.V.GetUpper()));

    [MethodImpl(AggressiveInlining)]
    public static float MaxLane(W512 v) => W256.MaxLane(W256.Max(new(v.V.GetLower()), new(v.V.GetUpper())));

    [MethodImpl(AggressiveInlining)]
    public static float MinLane(W512 v) => W256.MinLane(W256.Min(new(v.V.GetLower()), new(v.V.GetUpper())));

    [MethodImpl(AggressiveInlining)]
    public static W512 operator +(W512 a, W512 b) => new(a.V + b.V);

    [MethodImpl(AggressiveInlining)]
    public static W512 operator -(W512 a, W512 b) => new(a.V - b.V);

    [MethodImpl(AggressiveInlining)]
    public static W512 operator *(W512 a, W512 b) => new(a.V * b.V);

    [MethodImpl(AggressiveInlining)]
    public static W512 operator /(W512 a, W512 b) => new(a.V / b.V);

    [MethodImpl(AggressiveInlining)]
    public static W512 operator -(W512 a) => new(a.V ^ Vector512.Create(-0f));

    [MethodImpl(AggressiveInlining)]
    public static W512 Fma(W512 a, W512 b, W512 c) => new(Vector512.MultiplyAddEstimate(a.V, b.V, c.V)); // fused where the hardware is, never in software

    [MethodImpl(AggressiveInlining)]
    public static W512 Exp(W512 x) => Elementary.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 OnePlusExp(W512 x) => Elementary.OnePlusExp(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Expm1(W512 x) => Elementary.Expm1(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Log(W512 x) => Elementary.Log(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Log1p(W512 x) => Elementary.Log1p(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Sin(W512 x) => Elementary.Sin(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Cos(W512 x) => Elementary.Cos(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Atan(W512 x) => Elementary.Atan(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Tanh(W512 x) => Elementary.Tanh(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Erf(W512 x) => Elementary.Erf(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Erfc(W512 x) => Elementary.Erfc(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 NormalCdf(W512 x) => Elementary.NormalCdf(x);

    [MethodImpl(AggressiveInlining)]
    public static W512 Pow(W512 a, W512 b) => Elementary.Pow(a, b);

    [MethodImpl(AggressiveInlining)]
    public static W512 Sqrt(W512 x) => new(Vector512.Sqrt(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 Abs(W512 x) => new(Vector512.Abs(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 Floor(W512 x) => new(Vector512.Floor(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 Ceil(W512 x) => new(Vector512.Ceiling(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 Round(W512 x) => new(Vector512.Round(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 Max(W512 a, W512 b) // the native form gives b if either is NaN; where a is a constant the JIT leaves just that
        => new(Vector512.ConditionalSelect(Vector512.Equals(a.V, a.V), Vector512.MaxNative(a.V, b.V), a.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 Min(W512 a, W512 b) // the native form gives b if either is NaN; where a is a constant the JIT leaves just that
        => new(Vector512.ConditionalSelect(Vector512.Equals(a.V, a.V), Vector512.MinNative(a.V, b.V), a.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 IfGreater(W512 p, W512 q, W512 a, W512 b) => new(Vector512.ConditionalSelect(Vector512.GreaterThan(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 IfEqual(W512 p, W512 q, W512 a, W512 b) => new(Vector512.ConditionalSelect(Vector512.Equals(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 AtLeast(double limit, W512 x) => new(Vector512.MaxNative(Vector512.Create((float)limit), x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 AtMost(double limit, W512 x) => new(Vector512.MinNative(Vector512.Create((float)limit), x.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 CopySign(W512 magnitude, W512 sign) => new(Vector512.ConditionalSelect(Vector512.Create(-0f), sign.V, magnitude.V));

    [MethodImpl(AggressiveInlining)]
    public static W512 FlipSignIfOdd(W512 x, W512 n)
        => new(x.V ^ Vector512.ShiftLeft((n.V + Vector512.Create(FloatBits.Shift)).AsInt32(), 31).AsSingle());

    [MethodImpl(AggressiveInlining)]
    public static W512 PowerOfTwo(W512 n)
        => new(Vector512.ShiftLeft((n.V + Vector512.Create(FloatBits.ShiftAndBias)).AsInt32(), 23).AsSingle());

    [MethodImpl(AggressiveInlining)]
    public static (W512 Integral, W512 Power) NearestPower(W512 x, double factor)
    {
        Vector512<float> shift = Vector512.Create(FloatBits.ShiftAndBias), shifted = Vector512.MultiplyAddEstimate(x.V, Vector512.Create((float)factor), shift);
        return (new(shifted - shift), new(Vector512.ShiftLeft(shifted.AsInt32(), 23).AsSingle()));
    }

    [MethodImpl(AggressiveInlining)]
    public static W512 Scale(W512 x, W512 n)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.Scale(x.V, n.V));

        // 2ⁿ may be out of range where x·2ⁿ is not, so it is applied as two factors of about half the exponent.
        Vector512<int> biased = (n.V + Vector512.Create(FloatBits.ShiftAndTwoBiases)).AsInt32();
        Vector512<int> half = Vector512.ShiftRightLogical(biased, 1);
        return new(x.V * Vector512.ShiftLeft(half, 23).AsSingle() * Vector512.ShiftLeft(biased - half, 23).AsSingle());
    }

    [MethodImpl(AggressiveInlining)]
    public static (W512 Mantissa, W512 Exponent) Split(W512 x)
    {
        Vector512<int> exponent = Vector512.ShiftRightArithmetic(x.V.AsInt32() - Vector512.Create(FloatBits.SqrtHalf), 23);
        return (new((x.V.AsInt32() - Vector512.ShiftLeft(exponent, 23)).AsSingle()), new(Vector512.ConvertToSingle(exponent)));
    }

    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(W512 x, double low, double high)
        => (Vector512.GreaterThanOrEqual(x.V, Vector512.Create((float)low)) & Vector512.LessThanOrEqual(x.V, Vector512.Create((float)high))).AsInt32()
            == Vector512<int>.AllBitsSet;

    [MethodImpl(AggressiveInlining)]
    public static W512 PowPositive(W512 a, W512 b)
    {
        Vector512<double> low = Vector512.Log(Vector512.WidenLower(a.V)) * Vector512.WidenLower(b.V);
        Vector512<double> high = Vector512.Log(Vector512.WidenUpper(a.V)) * Vector512.WidenUpper(b.V);
        return new(Vector512.Narrow(Vector512.Exp(low), Vector512.Exp(high)));
    }

    [MethodImpl(NoInlining)] // cold: keeps the loops around it small
    public static W512 PerLane<TFunction>(W512 x) where TFunction : struct, IFloatFunction
    {
        for (int i = 0; i < Vector512<float>.Count; i++)
            x = new(x.V.WithElement(i, TFunction.Of(x.V.GetElement(i))));
        return x;
    }

    [MethodImpl(NoInlining)]
    public static W512 PerLane<TFunction>(W512 a, W512 b) where TFunction : struct, IFloatFunction2
    {
        for (int i = 0; i < Vector512<float>.Count; i++)
            a = new(a.V.WithElement(i, TFunction.Of(a.V.GetElement(i), b.V.GetElement(i))));
        return a;
    }
}
