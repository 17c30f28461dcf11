using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet;

/// <summary>Floats or doubles in 512-bit vectors, sixteen or eight of them.</summary>
/// <typeparam name="T">The element: float or double.</typeparam>
/// <typeparam name="TPrecision">The instructions that .NET has for either of them only.</typeparam>
internal readonly unsafe struct Lanes512<T, TPrecision> : ILanes<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static int Count => Vector512<T>.Count;

    public static int TileRows => 12;

    public static Vector512<T> Zero => Vector512<T>.Zero;

    [MethodImpl(AggressiveInlining)] public static Vector512<T> Create(double value) => TPrecision.Create512(value);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Broadcast(T value) => Vector512.Create(value);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Load(T* p) => Vector512.Load(p);
    [MethodImpl(AggressiveInlining)] public static void Store(Vector512<T> v, T* p) => v.Store(p);

    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> LoadPart(T* p, int n) => Avx512F.IsSupported
        ? Avx512F.MaskLoad((float*)p, First(n), Vector512<float>.Zero).As<float, T>()
        : Partial.Load<Vector512<T>, T>(p, n);

    [MethodImpl(AggressiveInlining)]
    public static void StorePart(Vector512<T> v, T* p, int n)
    {
        if (Avx512F.IsSupported) Avx512F.MaskStore((float*)p, First(n), v.AsSingle());
        else Partial.Store(v, p, n);
    }

    // The mask of the first n elements; a double is two floats of it.
    [MethodImpl(AggressiveInlining)]
    private static Vector512<float> First(int n)
        => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(n * (sizeof(T) / sizeof(float)))).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static void StoreBool(Vector512<T> v, byte* p)
    {
        if (sizeof(T) == sizeof(float))
        {
            Vector512<int> ones = Vector512.AndNot(Vector512.Create(1), Vector512.Equals(v, Vector512<T>.Zero).AsInt32());
            Vector256<short> half = Vector256.Narrow(ones.GetLower(), ones.GetUpper());
            Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(p);
        }
        else
        {
            Vector512<long> ones = Vector512.AndNot(Vector512.Create(1L), Vector512.Equals(v, Vector512<T>.Zero).AsInt64());
            Vector256<int> quarter = Vector256.Narrow(ones.GetLower(), ones.GetUpper());
            Vector128<short> half = Vector128.Narrow(quarter.GetLower(), quarter.GetUpper());
            Vector128.Narrow(half, half).AsUInt64().GetLower().Store((ulong*)p);
        }
    }

    [MethodImpl(AggressiveInlining)] public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> MulAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        => TPrecision.MulAdd(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector512<T> Sqrt(Vector512<T> v) => Vector512.Sqrt(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Abs(Vector512<T> v) => Vector512.Abs(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Floor(Vector512<T> v) => TPrecision.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Ceiling(Vector512<T> v) => TPrecision.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Round(Vector512<T> v) => TPrecision.Round(v);

    // The native form gives b if either is NaN; where a is a constant the JIT leaves just that.
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> Max(Vector512<T> a, Vector512<T> b) => sizeof(T) == sizeof(float)
        ? Vector512.ConditionalSelect(Vector512.Equals(a, a), Vector512.MaxNative(a, b), a)
        : Vector512.Max(a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> a, Vector512<T> b) => sizeof(T) == sizeof(float)
        ? Vector512.ConditionalSelect(Vector512.Equals(a, a), Vector512.MinNative(a, b), a)
        : Vector512.Min(a, b);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> MaxNative(Vector512<T> a, Vector512<T> b) => Vector512.MaxNative(a, b);
    [MethodImpl(AggressiveInlining)] public static Vector512<T> MinNative(Vector512<T> a, Vector512<T> b) => Vector512.MinNative(a, b);

    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> IfGreater(Vector512<T> p, Vector512<T> q, Vector512<T> a, Vector512<T> b)
        => Vector512.ConditionalSelect(Vector512.GreaterThan(p, q), a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> IfEqual(Vector512<T> p, Vector512<T> q, Vector512<T> a, Vector512<T> b)
        => Vector512.ConditionalSelect(Vector512.Equals(p, q), a, b);
    [MethodImpl(AggressiveInlining)]
    public static bool AllWithin(Vector512<T> v, double low, double high)
        => (Vector512.GreaterThanOrEqual(v, Create(low)) & Vector512.LessThanOrEqual(v, Create(high))).AsInt32()
            == Vector512<int>.AllBitsSet;

    [MethodImpl(AggressiveInlining)] public static T Sum(Vector512<T> v) => Lanes256<T, TPrecision>.Sum(v.GetLower() + v.GetUpper());
    [MethodImpl(AggressiveInlining)] public static T SumPairwise(Vector512<T> v) => Vector512.Sum(v);
    [MethodImpl(AggressiveInlining)]
    public static T MaxLane(Vector512<T> v)
        => Lanes256<T, TPrecision>.MaxLane(Lanes256<T, TPrecision>.Max(v.GetLower(), v.GetUpper()));
    [MethodImpl(AggressiveInlining)]
    public static T MinLane(Vector512<T> v)
        => Lanes256<T, TPrecision>.MinLane(Lanes256<T, TPrecision>.Min(v.GetLower(), v.GetUpper()));

    [MethodImpl(AggressiveInlining)] public static Vector512<T> Xor(Vector512<T> a, Vector512<T> b) => a ^ b;
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> a, Vector512<T> b)
        => Vector512.ConditionalSelect(mask, a, b);
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> SubtractBits(Vector512<T> a, Vector512<T> b)
        => (a.AsInt32() - b.AsInt32()).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> ShiftLeft(Vector512<T> v, int count)
        => Vector512.ShiftLeft(v.AsInt32(), count).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> ShiftRight(Vector512<T> v, int count)
        => Vector512.ShiftRightArithmetic(v.AsInt32(), count).As<int, T>();
    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> ConvertBits(Vector512<T> v)
        => Vector512.ConvertToSingle(v.AsInt32()).As<float, T>();

    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> Scale(Vector512<T> x, Vector512<T> n)
    {
        if (Avx512F.IsSupported) return Avx512F.Scale(x.AsSingle(), n.AsSingle()).As<float, T>();

        // 2ⁿ may be out of range where x·2ⁿ is not, so it is applied as two factors of about half the exponent.
        Vector512<int> biased = (n.AsSingle() + Vector512.Create(FloatBits.ShiftAndTwoBiases)).AsInt32();
        Vector512<int> half = Vector512.ShiftRightLogical(biased, 1);
        return x * Vector512.ShiftLeft(half, 23).As<int, T>() * Vector512.ShiftLeft(biased - half, 23).As<int, T>();
    }

    [MethodImpl(AggressiveInlining)]
    public static Vector512<T> PowPositive(Vector512<T> a, Vector512<T> b)
    {
        Vector512<double> low = Vector512.Log(Vector512.WidenLower(a.AsSingle())) * Vector512.WidenLower(b.AsSingle());
        Vector512<double> high = Vector512.Log(Vector512.WidenUpper(a.AsSingle())) * Vector512.WidenUpper(b.AsSingle());
        return Vector512.Narrow(Vector512.Exp(low), Vector512.Exp(high)).As<float, T>();
    }

    [MethodImpl(AggressiveInlining)] public static Vector512<T> Exp(Vector512<T> x) => Vector512.Exp(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Log(Vector512<T> x) => Vector512.Log(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Sin(Vector512<T> x) => Vector512.Sin(x.AsDouble()).As<double, T>();
    [MethodImpl(AggressiveInlining)] public static Vector512<T> Cos(Vector512<T> x) => Vector512.Cos(x.AsDouble()).As<double, T>();

    public static Vector512<T> Pow(Vector512<T> a, Vector512<T> b)
        => Vector512.Create(
            Lanes256<T, TPrecision>.Pow(a.GetLower(), b.GetLower()), Lanes256<T, TPrecision>.Pow(a.GetUpper(), b.GetUpper()));

    public static Vector512<T> EachDouble<TFunction>(Vector512<T> x) where TFunction : struct, IDoubleFunction
        => Vector512.Create(
            Lanes256<T, TPrecision>.EachDouble<TFunction>(x.GetLower()), Lanes256<T, TPrecision>.EachDouble<TFunction>(x.GetUpper()));
}
