using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Floats or doubles in 256-bit vectors, eight or four of them.</summary>
/// <typeparam name="T">The element: float or double.</typeparam>
/// <typeparam name="TPrecision">The instructions that .NET has for either of them only.</typeparam>
internal readonly unsafe struct Lanes256<T, TPrecision> : ILanes<Vector256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static int Count => Vector256<T>.Count;

    public static int TileRows => 6;

    public static Vector256<T> Zero => Vector256<T>.Zero;

    [MethodImpl(AggressiveInlining)] public static Vector256<T> Create(double value) => TPrecision.Create256(value);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Broadcast(T value) => Vector256.Create(value);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Load(T* p) => Vector256.Load(p);
    [MethodImpl(AggressiveInlining)] public static void Store(Vector256<T> v, T* p) => v.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> LoadPart(T* p, int n) => Avx.IsSupported
        ? Avx.MaskLoad((float*)p, First(n)).As<float, T>()
        : Partial.Load<Vector256<T>, T>(p, n);

    [MethodImpl(AggressiveInlining)]
    public static void StorePart(Vector256<T> v, T* p, int n)
    {
        if (Avx.IsSupported) Avx.MaskStore((float*)p, First(n), v.AsSingle());
        else Partial.Store(v, p, n);
    }

    // The mask of the first n elements; a double is two floats of it.
    [MethodImpl(AggressiveInlining)]
    private static Vector256<float> First(int n)
        => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(n * (sizeof(T) / sizeof(float)))).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static void StoreBool(Vector256<T> v, byte* p)
    {
        if (sizeof(T) == sizeof(float))
        {
            Vector256<int> ones = Vector256.AndNot(Vector256.Create(1), Vector256.Equals(v, Vector256<T>.Zero).AsInt32());
            Vector128<short> half = Vector128.Narrow(ones.GetLower(), ones.GetUpper());
            Vector128.Narrow(half, half).AsUInt64().GetLower().Store((ulong*)p);
        }
        else
        {
            Vector256<long> ones = Vector256.AndNot(Vector256.Create(1L), Vector256.Equals(v, Vector256<T>.Zero).AsInt64());
            Vector128<int> quarter = Vector128.Narrow(ones.GetLower(), ones.GetUpper());
            Vector128<short> half = Vector128.Narrow(quarter, quarter);
            *(uint*)p = Vector128.Narrow(half, half).AsUInt32().ToScalar();
        }
    }

    [MethodImpl(AggressiveInlining)] public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Divide(Vector256<T> a, Vector256<T> b) => a / b;
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> MulAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c)
        => TPrecision.MulAdd(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector256<T> Sqrt(Vector256<T> v) => Vector256.Sqrt(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Abs(Vector256<T> v) => Vector256.Abs(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Floor(Vector256<T> v) => TPrecision.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Ceiling(Vector256<T> v) => TPrecision.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Round(Vector256<T> v) => TPrecision.Round(v);

    // The native form gives b if either is NaN; where a is a constant the JIT leaves just that.
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> Max(Vector256<T> a, Vector256<T> b) => sizeof(T) == sizeof(float)
        ? Vector256.ConditionalSelect(Vector256.Equals(a, a), Vector256.MaxNative(a, b), a)
        : Vector256.Max(a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> Min(Vector256<T> a, Vector256<T> b) => sizeof(T) == sizeof(float)
        ? Vector256.ConditionalSelect(Vector256.Equals(a, a), Vector256.MinNative(a, b), a)
        : Vector256.Min(a, b);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> MaxNative(Vector256<T> a, Vector256<T> b) => Vector256.MaxNative(a, b);
    [MethodImpl(AggressiveInlining)] public static Vector256<T> MinNative(Vector256<T> a, Vector256<T> b) => Vector256.MinNative(a, b);

    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> IfGreater(Vector256<T> p, Vector256<T> q, Vector256<T> a, Vector256<T> b)
        => Vector256.ConditionalSelect(Vector256.GreaterThan(p, q), a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> IfEqual(Vector256<T> p, Vector256<T> q, Vector256<T> a, Vector256<T> b)
        => Vector256.ConditionalSelect(Vector256.Equals(p, q), a, b);
    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(Vector256<T> v, double low, double high)
        => (Vector256.GreaterThanOrEqual(v, Create(low)) & Vector256.LessThanOrEqual(v, Create(high))).AsInt32()
            == Vector256<int>.AllBitsSet;

    [MethodImpl(AggressiveInlining)] public static T Sum(Vector256<T> v) => Lanes128<T, TPrecision>.Sum(v.GetLower() + v.GetUpper());
    [MethodImpl(AggressiveInlining)] public static T SumPairwise(Vector256<T> v) => Vector256.Sum(v);
    [MethodImpl(AggressiveInlining)]
    public static T MaxLane(Vector256<T> v)
        => Lanes128<T, TPrecision>.MaxLane(Lanes128<T, TPrecision>.Max(v.GetLower(), v.GetUpper()));
    [MethodImpl(AggressiveInlining)]
    public static T MinLane(Vector256<T> v)
        => Lanes128<T, TPrecision>.MinLane(Lanes128<T, TPrecision>.Min(v.GetLower(), v.GetUpper()));

    [MethodImpl(AggressiveInlining)] public static Vector256<T> Xor(Vector256<T> a, Vector256<T> b) => a ^ b;
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> Select(Vector256<T> mask, Vector256<T> a, Vector256<T> b)
        => Vector256.ConditionalSelect(mask, a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> SubtractBits(Vector256<T> a, Vector256<T> b)
        => (a.AsInt32() - b.AsInt32()).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> ShiftLeft(Vector256<T> v, int count)
        => Vector256.ShiftLeft(v.AsInt32(), count).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> ShiftRight(Vector256<T> v, int count)
        => Vector256.ShiftRightArithmetic(v.AsInt32(), count).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> ConvertBits(Vector256<T> v)
        => Vector256.ConvertToSingle(v.AsInt32()).As<float, T>();

    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> Scale(Vector256<T> x, Vector256<T> n)
    {
        // 2ⁿ may be out of range where x·2ⁿ is not, so it is applied as two factors of about half the exponent.
        Vector256<int> biased = (n.AsSingle() + Vector256.Create(FloatBits.ShiftAndTwoBiases)).AsInt32();
        Vector256<int> half = Vector256.ShiftRightLogical(biased, 1);
        return x * Vector256.ShiftLeft(half, 23).As<int, T>() * Vector256.ShiftLeft(biased - half, 23).As<int, T>();
    }

    [MethodImpl(AggressiveInlining)]
    public static Vector256<T> PowPositive(Vector256<T> a, Vector256<T> b)
    {
        Vector256<double> low = Vector256.Log(Vector256.WidenLower(a.AsSingle())) * Vector256.WidenLower(b.AsSingle());
        Vector256<double> high = Vector256.Log(Vector256.WidenUpper(a.AsSingle())) * Vector256.WidenUpper(b.AsSingle());
        return Vector256.Narrow(Vector256.Exp(low), Vector256.Exp(high)).As<float, T>();
    }

    [MethodImpl(AggressiveInlining)] public static Vector256<T> Exp(Vector256<T> x) => Vector256.Exp(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Log(Vector256<T> x) => Vector256.Log(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Sin(Vector256<T> x) => Vector256.Sin(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector256<T> Cos(Vector256<T> x) => Vector256.Cos(x.AsDouble()).As<double, T>();

    public static Vector256<T> Pow(Vector256<T> a, Vector256<T> b)
        => Vector256.Create(
            Lanes128<T, TPrecision>.Pow(a.GetLower(), b.GetLower()), Lanes128<T, TPrecision>.Pow(a.GetUpper(), b.GetUpper()));

    public static Vector256<T> EachDouble<TFunction>(Vector256<T> x) where TFunction : struct, IDoubleFunction
        => Vector256.Create(
            Lanes128<T, TPrecision>.EachDouble<TFunction>(x.GetLower()), Lanes128<T, TPrecision>.EachDouble<TFunction>(x.GetUpper()));
}
