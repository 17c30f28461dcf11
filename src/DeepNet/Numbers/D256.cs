using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Eight doubles in a 256-bit vector.</summary>
/// <param name="v">The lanes.</param>
internal readonly unsafe struct D256(Vector256<double> v) : ISimd<D256, double>
{
    /// <summary>The lanes.</summary>
    public readonly Vector256<double> V = v;

    public static int Lanes
    {
        [MethodImpl(AggressiveInlining)]
        get => 4;
    }

    [MethodImpl(AggressiveInlining)]
    public static D256 Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static D256 Constant(double value) => new(Vector256.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static D256 Load(double* p) => new(Vector256.Load(p));

    [MethodImpl(AggressiveInlining)]
    public void Store(double* p) => V.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static D256 LoadPart(double* p, int n)
        => Avx.IsSupported ? new(Avx.MaskLoad(p, FirstLanes(n))) : Partial.Load<D256, double>(p, n);

    [MethodImpl(AggressiveInlining)]
    public void StorePart(double* p, int n)
    {
        if (Avx.IsSupported)
            Avx.MaskStore(p, FirstLanes(n), V);
        else
            Partial.Store(this, p, n);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector256<double> FirstLanes(int n) => Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)n)).AsDouble();

    [MethodImpl(AggressiveInlining)]
    public void StoreBool(byte* p)
    {
        Vector256<long> ones = Vector256.AndNot(Vector256.Create(1L), Vector256.Equals(V, Vector256<double>.Zero).AsInt64());
        Vector128<int> quarter = Vector128.Narrow(ones.GetLower(), ones.GetUpper());
        Vector128<short> half = Vector128.Narrow(quarter, quarter);
        *(uint*)p = Vector128.Narrow(half, half).AsUInt32().ToScalar();
    }

    [MethodImpl(AggressiveInlining)]
    public static double Sum(D256 v) => (v.V[0] + v.V[2]) + (v.V[1] + v.V[3]);

    [MethodImpl(AggressiveInlining)]
    public static double MaxLane(D256 v) => Math.Max(Math.Max(v.V[0], v.V[2]), Math.Max(v.V[1], v.V[3]));

    [MethodImpl(AggressiveInlining)]
    public static double MinLane(D256 v) => Math.Min(Math.Min(v.V[0], v.V[2]), Math.Min(v.V[1], v.V[3]));

    [MethodImpl(AggressiveInlining)]
    public static D256 operator +(D256 a, D256 b) => new(a.V + b.V);

    [MethodImpl(AggressiveInlining)]
    public static D256 operator -(D256 a, D256 b) => new(a.V - b.V);

    [MethodImpl(AggressiveInlining)]
    public static D256 operator *(D256 a, D256 b) => new(a.V * b.V);

    [MethodImpl(AggressiveInlining)]
    public static D256 operator /(D256 a, D256 b) => new(a.V / b.V);

    [MethodImpl(AggressiveInlining)]
    public static D256 operator -(D256 a) => new(a.V ^ Vector256.Create(-0.0));

    [MethodImpl(AggressiveInlining)]
    public static D256 Fma(D256 a, D256 b, D256 c) => new(Vector256.MultiplyAddEstimate(a.V, b.V, c.V)); // fused where the hardware is, never in software

    [MethodImpl(AggressiveInlining)]
    public static D256 Exp(D256 x) => new(Vector256.Exp(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Log(D256 x) => new(Vector256.Log(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Sin(D256 x) => new(Vector256.Sin(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Cos(D256 x) => new(Vector256.Cos(x.V));

    public static D256 Expm1(D256 x) => new(Vector256.Create(F64.Expm1(new(x.V[0])).V, F64.Expm1(new(x.V[1])).V, F64.Expm1(new(x.V[2])).V, F64.Expm1(new(x.V[3])).V));

    public static D256 Log1p(D256 x) => new(Vector256.Create(F64.Log1p(new(x.V[0])).V, F64.Log1p(new(x.V[1])).V, F64.Log1p(new(x.V[2])).V, F64.Log1p(new(x.V[3])).V));

    public static D256 Atan(D256 x) => new(Vector256.Create(F64.Atan(new(x.V[0])).V, F64.Atan(new(x.V[1])).V, F64.Atan(new(x.V[2])).V, F64.Atan(new(x.V[3])).V));

    public static D256 Tanh(D256 x) => new(Vector256.Create(F64.Tanh(new(x.V[0])).V, F64.Tanh(new(x.V[1])).V, F64.Tanh(new(x.V[2])).V, F64.Tanh(new(x.V[3])).V));

    public static D256 Erf(D256 x) => new(Vector256.Create(F64.Erf(new(x.V[0])).V, F64.Erf(new(x.V[1])).V, F64.Erf(new(x.V[2])).V, F64.Erf(new(x.V[3])).V));

    public static D256 Erfc(D256 x) => new(Vector256.Create(F64.Erfc(new(x.V[0])).V, F64.Erfc(new(x.V[1])).V, F64.Erfc(new(x.V[2])).V, F64.Erfc(new(x.V[3])).V));

    public static D256 NormalCdf(D256 x) => Constant(0.5) * Erfc(x * Constant(-0.70710678118654752));

    public static D256 Pow(D256 a, D256 b)
        => new(Vector256.Create(Math.Pow(a.V[0], b.V[0]), Math.Pow(a.V[1], b.V[1]), Math.Pow(a.V[2], b.V[2]), Math.Pow(a.V[3], b.V[3])));

    [MethodImpl(AggressiveInlining)]
    public static D256 Sqrt(D256 x) => new(Vector256.Sqrt(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Abs(D256 x) => new(Vector256.Abs(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Floor(D256 x) => new(Vector256.Floor(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Ceil(D256 x) => new(Vector256.Ceiling(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Round(D256 x) => new(Vector256.Round(x.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Max(D256 a, D256 b) => new(Vector256.Max(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 Min(D256 a, D256 b) => new(Vector256.Min(a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 IfGreater(D256 p, D256 q, D256 a, D256 b) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(p.V, q.V), a.V, b.V));

    [MethodImpl(AggressiveInlining)]
    public static D256 IfEqual(D256 p, D256 q, D256 a, D256 b) => new(Vector256.ConditionalSelect(Vector256.Equals(p.V, q.V), a.V, b.V));
}
