using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Four floats in a 128-bit vector.</summary>
/// <param name="v">The lanes.</param>
internal readonly unsafe struct W128(Vector128<float> v) : ISimd<W128, float>, IFloatLanes<W128>
{
    /// <summary>The lanes.</summary>
    public readonly Vector128<float> V = v;

    public static int Lanes
    {
        [MethodImpl(AggressiveInlining)]
        get => 4;
    }

    [MethodImpl(AggressiveInlining)]
    public static W128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static W128 Constant(double value) => new(Vector128.Create((float)value));

    [MethodImpl(AggressiveInlining)]
    public static W128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(AggressiveInlining)]
    public void Store(float* p) => V.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static W128 LoadPart(float* p, int n)
        => Avx.IsSupported ? new(Avx.MaskLoad(p, FirstLanes(n))) : Partial.Load<W128, float>(p, n);

    [MethodImpl(AggressiveInlining)]
    public void StorePart(float* p, int n)
    {
        if (Avx.IsSupported)
            Avx.MaskStore(p, FirstLanes(n), V);
        else
            Partial.Store(this, p, n);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> FirstLanes(int n) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(n)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public void StoreBool(byte* p)
    {
        Vector128<int> ones = Vector128.AndNot(Vector128.Create(1), Vector128.Equals(V, Vector128<float>.Zero).AsInt32());
        Vector128<short> half = Vector128.Narrow(ones, ones);
        *(uint*)p = Vector128.Narrow(half, half).AsUInt32().ToScalar();
    }

    [MethodImpl(AggressiveInlining)]
    public static float Sum(W128 v) => (v.V[0] + v.V[2]) + (v.V[1] + v.V[3]);

    [MethodImpl(AggressiveInlining)]
    public static float MaxLane(W128 v) => MathF.Max(MathF.Max(v.V[0], v.V[2]), MathF.Max(v.V[1], v.V[3]));

    [MethodImpl(AggressiveInlining)]
    public static float MinLane(W128 v) => MathF.Min(MathF.Min(v.V[0], v.V[2]), MathF.Min(v.V[1], v.V[3]));

    [MethodImpl(AggressiveInlining)]
    public static W128 operator +(W128 a, W128 b) => new(a.V + b.V);

    [MethodImpl(AggressiveInlining)]
    public static W128 operator -(W128 a, W128 b) => new(a.V - b.V);

    [MethodImpl(AggressiveInlining)]
    public static W128 operator *(W128 a, W128 b) => new(a.V * b.V);

    [MethodImpl(AggressiveInlining)]
    public static W128 operator /(W128 a, W128 b) => new(a.V / b.V);

    [MethodImpl(AggressiveInlining)]
    public static W128 operator -(W128 a) => new(a.V ^ Vector128.Create(-0f));

    [MethodImpl(AggressiveInlining)]
    public static W128 Fma(W128 a, W128 b, W128 c) => new(Vector128.MultiplyAddEstimate(a.V, b.V, c.V)); // fused where the hardware is, never in software

    [MethodImpl(AggressiveInlining)]
    public static W128 Exp(W128 x) => Elementary.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 OnePlusExp(W128 x) => Elementary.OnePlusExp(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Expm1(W128 x) => Elementary.Expm1(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Log(W128 x) => Elementary.Log(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Log1p(W128 x) => Elementary.Log1p(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Sin(W128 x) => Elementary.Sin(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Cos(W128 x) => Elementary.Cos(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Atan(W128 x) => Elementary.Atan(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Tanh(W128 x) => Elementary.Tanh(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Erf(W128 x) => Elementary.Erf(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Erfc(W128 x) => Elementary.Erfc(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 NormalCdf(W128 x) => Elementary.NormalCdf(x);

    [MethodImpl(AggressiveInlining)]
    public static W128 Pow(W128 a, W128 b) => Elementary.Pow(a, b);

    [MethodImpl(AggressiveInlining)]
    public static W128 Sqrt(W128 x) => new(Vector128.Sqrt(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 Abs(W128 x) => new(Vector128.Abs(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 Floor(W128 x) => new(Vector128.Floor(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 Ceil(W128 x) => new(Vector128.Ceiling(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 Round(W128 x) => new(Vector128.Round(x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 Max(W128 a, W128 b) // the native form gives b if either is NaN; where a is a constant the JIT leaves just that
        => new(Vector128.ConditionalSelect(Vector128.Equals(a.V, a.V), Vector128.MaxNative(a.V, b.V), a.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 Min(W128 a, W128 b) // the native form gives b if either is NaN; where a is a constant the JIT leaves just that
        => new(Vector128.ConditionalSelect(Vector128.Equals(a.V, a.V), Vector128.MinNative(a.V, b.V), a.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 IfGreater(W128 p, W128 q, W128 a, W128 b) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 IfEqual(W128 p, W128 q, W128 a, W128 b) => new(Vector128.ConditionalSelect(Vector128.Equals(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 AtLeast(double limit, W128 x) => new(Vector128.MaxNative(Vector128.Create((float)limit), x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 AtMost(double limit, W128 x) => new(Vector128.MinNative(Vector128.Create((float)limit), x.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 CopySign(W128 magnitude, W128 sign) => new(Vector128.ConditionalSelect(Vector128.Create(-0f), sign.V, magnitude.V));

    [MethodImpl(AggressiveInlining)]
    public static W128 FlipSignIfOdd(W128 x, W128 n)
        => new(x.V ^ Vector128.ShiftLeft((n.V + Vector128.Create(FloatBits.Shift)).AsInt32(), 31).AsSingle());

    [MethodImpl(AggressiveInlining)]
    public static W128 PowerOfTwo(W128 n)
        => new(Vector128.ShiftLeft((n.V + Vector128.Create(FloatBits.ShiftAndBias)).AsInt32(), 23).AsSingle());

    [MethodImpl(AggressiveInlining)]
    public static (W128 Integral, W128 Power) NearestPower(W128 x, double factor)
    {
        Vector128<float> shift = Vector128.Create(FloatBits.ShiftAndBias), shifted = Vector128.MultiplyAddEstimate(x.V, Vector128.Create((float)factor), shift);
        return (new(shifted - shift), new(Vector128.ShiftLeft(shifted.AsInt32(), 23).AsSingle()));
    }

    [MethodImpl(AggressiveInlining)]
    public static W128 Scale(W128 x, W128 n)
    {
        // 2ⁿ may be out of range where x·2ⁿ is not, so it is applied as two factors of about half the exponent.
        Vector128<int> biased = (n.V + Vector128.Create(FloatBits.ShiftAndTwoBiases)).AsInt32();
        Vector128<int> half = Vector128.ShiftRightLogical(biased, 1);
        return new(x.V * Vector128.ShiftLeft(half, 23).AsSingle() * Vector128.ShiftLeft(biased - half, 23).AsSingle());
    }

    [MethodImpl(AggressiveInlining)]
    public static (W128 Mantissa, W128 Exponent) Split(W128 x)
    {
        Vector128<int> exponent = Vector128.ShiftRightArithmetic(x.V.AsInt32() - Vector128.Create(FloatBits.SqrtHalf), 23);
        return (new((x.V.AsInt32() - Vector128.ShiftLeft(exponent, 23)).AsSingle()), new(Vector128.ConvertToSingle(exponent)));
    }

    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(W128 x, double low, double high)
        => (Vector128.GreaterThanOrEqual(x.V, Vector128.Create((float)low)) & Vector128.LessThanOrEqual(x.V, Vector128.Create((float)high))).AsInt32()
            == Vector128<int>.AllBitsSet;

    [MethodImpl(AggressiveInlining)]
    public static W128 PowPositive(W128 a, W128 b)
    {
        Vector128<double> low = Vector128.Log(Vector128.WidenLower(a.V)) * Vector128.WidenLower(b.V);
        Vector128<double> high = Vector128.Log(Vector128.WidenUpper(a.V)) * Vector128.WidenUpper(b.V);
        return new(Vector128.Narrow(Vector128.Exp(low), Vector128.Exp(high)));
    }

    [MethodImpl(NoInlining)] // cold: keeps the loops around it small
    public static W128 PerLane<TFunction>(W128 x) where TFunction : struct, IFloatFunction
    {
        for (int i = 0; i < Vector128<float>.Count; i++)
            x = new(x.V.WithElement(i, TFunction.Of(x.V.GetElement(i))));
        return x;
    }

    [MethodImpl(NoInlining)]
    public static W128 PerLane<TFunction>(W128 a, W128 b) where TFunction : struct, IFloatFunction2
    {
        for (int i = 0; i < Vector128<float>.Count; i++)
            a = new(a.V.WithElement(i, TFunction.Of(a.V.GetElement(i), b.V.GetElement(i))));
        return a;
    }
}
