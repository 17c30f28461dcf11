using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Floats or doubles in 128-bit vectors, four or two of them.</summary>
/// <typeparam name="T">The element: float or double.</typeparam>
/// <typeparam name="TPrecision">The instructions that .NET has for either of them only.</typeparam>
internal readonly unsafe struct Lanes128<T, TPrecision> : ILanes<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static int Count => Vector128<T>.Count;

    public static int TileRows => AdvSimd.IsSupported ? 12 : 6; // Arm has twice the registers

    public static Vector128<T> Zero => Vector128<T>.Zero;

    [MethodImpl(AggressiveInlining)] public static Vector128<T> Create(double value) => TPrecision.Create128(value);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Broadcast(T value) => Vector128.Create(value);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Load(T* p) => Vector128.Load(p);
    [MethodImpl(AggressiveInlining)] public static void Store(Vector128<T> v, T* p) => v.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> LoadPart(T* p, int n) => Avx.IsSupported
        ? Avx.MaskLoad((float*)p, First(n)).As<float, T>()
        : Partial.Load<Vector128<T>, T>(p, n);

    [MethodImpl(AggressiveInlining)]
    public static void StorePart(Vector128<T> v, T* p, int n)
    {
        if (Avx.IsSupported) Avx.MaskStore((float*)p, First(n), v.AsSingle());
        else Partial.Store(v, p, n);
    }

    // The mask of the first n elements; a double is two floats of it.
    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> First(int n)
        => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(n * (sizeof(T) / sizeof(float)))).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static void StoreBool(Vector128<T> v, byte* p)
    {
        if (sizeof(T) == sizeof(float))
        {
            Vector128<int> ones = Vector128.AndNot(Vector128.Create(1), Vector128.Equals(v, Vector128<T>.Zero).AsInt32());
            Vector128<short> half = Vector128.Narrow(ones, ones);
            *(uint*)p = Vector128.Narrow(half, half).AsUInt32().ToScalar();
        }
        else
        {
            Vector128<long> ones = Vector128.AndNot(Vector128.Create(1L), Vector128.Equals(v, Vector128<T>.Zero).AsInt64());
            Vector128<int> quarter = Vector128.Narrow(ones, ones);
            Vector128<short> half = Vector128.Narrow(quarter, quarter);
            *(ushort*)p = Vector128.Narrow(half, half).AsUInt16().ToScalar();
        }
    }

    [MethodImpl(AggressiveInlining)] public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> MulAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c)
        => TPrecision.MulAdd(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector128<T> Sqrt(Vector128<T> v) => Vector128.Sqrt(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Abs(Vector128<T> v) => Vector128.Abs(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Floor(Vector128<T> v) => TPrecision.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Ceiling(Vector128<T> v) => TPrecision.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Round(Vector128<T> v) => TPrecision.Round(v);

    // The native form gives b if either is NaN; where a is a constant the JIT leaves just that.
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> Max(Vector128<T> a, Vector128<T> b) => sizeof(T) == sizeof(float)
        ? Vector128.ConditionalSelect(Vector128.Equals(a, a), Vector128.MaxNative(a, b), a)
        : Vector128.Max(a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> Min(Vector128<T> a, Vector128<T> b) => sizeof(T) == sizeof(float)
        ? Vector128.ConditionalSelect(Vector128.Equals(a, a), Vector128.MinNative(a, b), a)
        : Vector128.Min(a, b);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> MaxNative(Vector128<T> a, Vector128<T> b) => Vector128.MaxNative(a, b);
    [MethodImpl(AggressiveInlining)] public static Vector128<T> MinNative(Vector128<T> a, Vector128<T> b) => Vector128.MinNative(a, b);

    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> IfGreater(Vector128<T> p, Vector128<T> q, Vector128<T> a, Vector128<T> b)
        => Vector128.ConditionalSelect(Vector128.GreaterThan(p, q), a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> IfEqual(Vector128<T> p, Vector128<T> q, Vector128<T> a, Vector128<T> b)
        => Vector128.ConditionalSelect(Vector128.Equals(p, q), a, b);
    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(Vector128<T> v, double low, double high)
        => (Vector128.GreaterThanOrEqual(v, Create(low)) & Vector128.LessThanOrEqual(v, Create(high))).AsInt32()
            == Vector128<int>.AllBitsSet;

    [MethodImpl(AggressiveInlining)]
    public static T Sum(Vector128<T> v)
        => sizeof(T) == sizeof(float) ? (v[0] + v[2]) + (v[1] + v[3]) : v[0] + v[1];
    [MethodImpl(AggressiveInlining)] public static T SumPairwise(Vector128<T> v) => Vector128.Sum(v);
    [MethodImpl(AggressiveInlining)]
    public static T MaxLane(Vector128<T> v)
        => sizeof(T) == sizeof(float) ? T.Max(T.Max(v[0], v[2]), T.Max(v[1], v[3])) : T.Max(v[0], v[1]);
    [MethodImpl(AggressiveInlining)]
    public static T MinLane(Vector128<T> v)
        => sizeof(T) == sizeof(float) ? T.Min(T.Min(v[0], v[2]), T.Min(v[1], v[3])) : T.Min(v[0], v[1]);

    [MethodImpl(AggressiveInlining)] public static Vector128<T> Xor(Vector128<T> a, Vector128<T> b) => a ^ b;
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> a, Vector128<T> b)
        => Vector128.ConditionalSelect(mask, a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> SubtractBits(Vector128<T> a, Vector128<T> b)
        => (a.AsInt32() - b.AsInt32()).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> ShiftLeft(Vector128<T> v, int count)
        => Vector128.ShiftLeft(v.AsInt32(), count).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> ShiftRight(Vector128<T> v, int count)
        => Vector128.ShiftRightArithmetic(v.AsInt32(), count).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> ConvertBits(Vector128<T> v)
        => Vector128.ConvertToSingle(v.AsInt32()).As<float, T>();

    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> Scale(Vector128<T> x, Vector128<T> n)
    {
        // 2ⁿ may be out of range where x·2ⁿ is not, so it is applied as two factors of about half the exponent.
        Vector128<int> biased = (n.AsSingle() + Vector128.Create(FloatBits.ShiftAndTwoBiases)).AsInt32();
        Vector128<int> half = Vector128.ShiftRightLogical(biased, 1);
        return x * Vector128.ShiftLeft(half, 23).As<int, T>() * Vector128.ShiftLeft(biased - half, 23).As<int, T>();
    }

    [MethodImpl(AggressiveInlining)]
    public static Vector128<T> PowPositive(Vector128<T> a, Vector128<T> b)
    {
        Vector128<double> low = Vector128.Log(Vector128.WidenLower(a.AsSingle())) * Vector128.WidenLower(b.AsSingle());
        Vector128<double> high = Vector128.Log(Vector128.WidenUpper(a.AsSingle())) * Vector128.WidenUpper(b.AsSingle());
        return Vector128.Narrow(Vector128.Exp(low), Vector128.Exp(high)).As<float, T>();
    }

    [MethodImpl(AggressiveInlining)] public static Vector128<T> Exp(Vector128<T> x) => Vector128.Exp(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Log(Vector128<T> x) => Vector128.Log(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Sin(Vector128<T> x) => Vector128.Sin(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector128<T> Cos(Vector128<T> x) => Vector128.Cos(x.AsDouble()).As<double, T>();

    public static Vector128<T> Pow(Vector128<T> a, Vector128<T> b)
        => Vector128.Create(Math.Pow(a.AsDouble()[0], b.AsDouble()[0]), Math.Pow(a.AsDouble()[1], b.AsDouble()[1])).As<double, T>();

    public static Vector128<T> EachDouble<TFunction>(Vector128<T> x) where TFunction : struct, IDoubleFunction
        => Vector128.Create(TFunction.Of(x.AsDouble()[0]), TFunction.Of(x.AsDouble()[1])).As<double, T>();
}
