using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Eight floats in a 256-bit vector.</summary>
/// <param name="v">The lanes.</param>
internal readonly unsafe struct W256(Vector256<float> v) : ISimd<W256, float>, IFloatLanes<W256>
{
    /// <summary>The lanes.</summary>
    public readonly Vector256<float> V = v;

    public static int Lanes
    {
        [MethodImpl(AggressiveInlining)]
        get => 8;
    }

    [MethodImpl(AggressiveInlining)]
    public static W256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static W256 Constant(double value) => new(Vector256.Create((float)value));

    [MethodImpl(AggressiveInlining)]
    public static W256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(AggressiveInlining)]
    public void Store(float* p) => V.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static W256 LoadPart(float* p, int n)
        => Avx.IsSupported ? new(Avx.MaskLoad(p, FirstLanes(n))) : Partial.Load<W256, float>(p, n);

    [MethodImpl(AggressiveInlining)]
    public void StorePart(float* p, int n)
    {
        if (Avx.IsSupported)
            Avx.MaskStore(p, FirstLanes(n), V);
        else
            Partial.Store(this, p, n);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector256<float> FirstLanes(int n) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(n)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public void StoreBool(byte* p)
    {
        Vector256<int> ones = Vector256.AndNot(Vector256.Create(1), Vector256.Equals(V, Vector256<float>.Zero).AsInt32());
        Vector128<short> half = Vector128.Narrow(ones.GetLower(), ones.GetUpper());
        Vector128.Narrow(half, half).AsUInt64().GetLower().Store((ulong*)p);
    }

    [MethodImpl(AggressiveInlining)]
    public static float Sum(W256 v) => W128.Sum(new W128(v.V.GetLower() + v.V.GetUpper()));

    [MethodImpl(AggressiveInlining)]
    public static float MaxLane(W256 v) => W128.MaxLane(W128.Max(new(v.V.GetLower()), new(v.V.GetUpper())));

    [MethodImpl(AggressiveInlining)]
    public static float MinLane(W256 v) => W128.MinLane(W128.Min(new(v.V.GetLower()), new(v.V.GetUpper())));

    [MethodImpl(AggressiveInlining)]
    public static W256 operator +(W256 a, W256 b) => new(a.V + b.V);

    [MethodImpl(AggressiveInlining)]
    public static W256 operator -(W256 a, W256 b) => new(a.V - b.V);

    [MethodImpl(AggressiveInlining)]
    public static W256 operator *(W256 a, W256 b) => new(a.V * b.V);

    [MethodImpl(AggressiveInlining)]
    public static W256 operator /(W256 a, W256 b) => new(a.V / b.V);

    [MethodImpl(AggressiveInlining)]
    public static W256 operator -(W256 a) => new(a.V ^ Vector256.Create(-0f));

    [MethodImpl(AggressiveInlining)]
    public static W256 Fma(W256 a, W256 b, W256 c) => new(Vector256.MultiplyAddEstimate(a.V, b.V, c.V)); // fused where the hardware is, never in software

    [MethodImpl(AggressiveInlining)]
    public static W256 Exp(W256 x) => Elementary.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 OnePlusExp(W256 x) => Elementary.OnePlusExp(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Expm1(W256 x) => Elementary.Expm1(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Log(W256 x) => Elementary.Log(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Log1p(W256 x) => Elementary.Log1p(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Sin(W256 x) => Elementary.Sin(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Cos(W256 x) => Elementary.Cos(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Atan(W256 x) => Elementary.Atan(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Tanh(W256 x) => Elementary.Tanh(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Erf(W256 x) => Elementary.Erf(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Erfc(W256 x) => Elementary.Erfc(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 NormalCdf(W256 x) => Elementary.NormalCdf(x);

    [MethodImpl(AggressiveInlining)]
    public static W256 Pow(W256 a, W256 b) => Elementary.Pow(a, b);

    [MethodImpl(AggressiveInlining)]
    public static W256 Sqrt(W256 x) => new(Vector256.Sqrt(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 Abs(W256 x) => new(Vector256.Abs(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 Floor(W256 x) => new(Vector256.Floor(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 Ceil(W256 x) => new(Vector256.Ceiling(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 Round(W256 x) => new(Vector256.Round(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 Max(W256 a, W256 b) // the native form gives b if either is NaN; where a is a constant the JIT leaves just that
        => new(Vector256.ConditionalSelect(Vector256.Equals(a.V, a.V), Vector256.MaxNative(a.V, b.V), a.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 Min(W256 a, W256 b) // the native form gives b if either is NaN; where a is a constant the JIT leaves just that
        => new(Vector256.ConditionalSelect(Vector256.Equals(a.V, a.V), Vector256.MinNative(a.V, b.V), a.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 IfGreater(W256 p, W256 q, W256 a, W256 b) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 IfEqual(W256 p, W256 q, W256 a, W256 b) => new(Vector256.ConditionalSelect(Vector256.Equals(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 AtLeast(double limit, W256 x) => new(Vector256.MaxNative(Vector256.Create((float)limit), x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 AtMost(double limit, W256 x) => new(Vector256.MinNative(Vector256.Create((float)limit), x.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 CopySign(W256 magnitude, W256 sign) => new(Vector256.ConditionalSelect(Vector256.Create(-0f), sign.V, magnitude.V));

    [MethodImpl(AggressiveInlining)]
    public static W256 FlipSignIfOdd(W256 x, W256 n)
        => new(x.V ^ Vector256.ShiftLeft((n.V + Vector256.Create(FloatBits.Shift)).AsInt32(), 31).AsSingle());

    [MethodImpl(AggressiveInlining)]
    public static W256 PowerOfTwo(W256 n)
        => new(Vector256.ShiftLeft((n.V + Vector256.Create(FloatBits.ShiftAndBias)).AsInt32(), 23).AsSingle());

    [MethodImpl(AggressiveInlining)]
    public static (W256 Integral, W256 Power) NearestPower(W256 x, double factor)
    {
        Vector256<float> shift = Vector256.Create(FloatBits.ShiftAndBias), shifted = Vector256.MultiplyAddEstimate(x.V, Vector256.Create((float)factor), shift);
        return (new(shifted - shift), new(Vector256.ShiftLeft(shifted.AsInt32(), 23).AsSingle()));
    }

    [MethodImpl(AggressiveInlining)]
    public static W256 Scale(W256 x, W256 n)
    {
        // 2ⁿ may be out of range where x·2ⁿ is not, so it is applied as two factors of about half the exponent.
        Vector256<int> biased = (n.V + Vector256.Create(FloatBits.ShiftAndTwoBiases)).AsInt32();
        Vector256<int> half = Vector256.ShiftRightLogical(biased, 1);
        return new(x.V * Vector256.ShiftLeft(half, 23).AsSingle() * Vector256.ShiftLeft(biased - half, 23).AsSingle());
    }

    [MethodImpl(AggressiveInlining)]
    public static (W256 Mantissa, W256 Exponent) Split(W256 x)
    {
        Vector256<int> exponent = Vector256.ShiftRightArithmetic(x.V.AsInt32() - Vector256.Create(FloatBits.SqrtHalf), 23);
        return (new((x.V.AsInt32() - Vector256.ShiftLeft(exponent, 23)).AsSingle()), new(Vector256.ConvertToSingle(exponent)));
    }

    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(W256 x, double low, double high)
        => (Vector256.GreaterThanOrEqual(x.V, Vector256.Create((float)low)) & Vector256.LessThanOrEqual(x.V, Vector256.Create((float)high))).AsInt32()
            == Vector256<int>.AllBitsSet;

    [MethodImpl(AggressiveInlining)]
    public static W256 PowPositive(W256 a, W256 b)
    {
        Vector256<double> low = Vector256.Log(Vector256.WidenLower(a.V)) * Vector256.WidenLower(b.V);
        Vector256<double> high = Vector256.Log(Vector256.WidenUpper(a.V)) * Vector256.WidenUpper(b.V);
        return new(Vector256.Narrow(Vector256.Exp(low), Vector256.Exp(high)));
    }

    [MethodImpl(NoInlining)] // cold: keeps the loops around it small
    public static W256 PerLane<TFunction>(W256 x) where TFunction : struct, IFloatFunction
    {
        for (int i = 0; i < Vector256<float>.Count; i++)
            x = new(x.V.WithElement(i, TFunction.Of(x.V.GetElement(i))));
        return x;
    }

    [MethodImpl(NoInlining)]
    public static W256 PerLane<TFunction>(W256 a, W256 b) where TFunction : struct, IFloatFunction2
    {
        for (int i = 0; i < Vector256<float>.Count; i++)
            a = new(a.V.WithElement(i, TFunction.Of(a.V.GetElement(i), b.V.GetElement(i))));
        return a;
    }
}
