using System.Runtime.Intrinsics;

namespace DeepNet;

/// <summary>
/// The instructions that .NET has for vectors of floats and of doubles, but not for vectors of any element. A question for the element
/// type and casts to T would do too, but a matrix product's tile then takes the JIT twice as long to compile.
/// </summary>
/// <typeparam name="T">The element: float or double.</typeparam>
internal interface IPrecision<T> where T : unmanaged
{
    static abstract Vector128<T> Create128(double value);

    static abstract Vector128<T> Floor(Vector128<T> v);

    static abstract Vector128<T> Ceiling(Vector128<T> v);

    static abstract Vector128<T> Round(Vector128<T> v);

    /// <inheritdoc cref="ILanes{TVector, T}.MulAdd"/>
    static abstract Vector128<T> MulAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c);

    static abstract Vector256<T> Create256(double value);

    static abstract Vector256<T> Floor(Vector256<T> v);

    static abstract Vector256<T> Ceiling(Vector256<T> v);

    static abstract Vector256<T> Round(Vector256<T> v);

    /// <inheritdoc cref="ILanes{TVector, T}.MulAdd"/>
    static abstract Vector256<T> MulAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c);

    static abstract Vector512<T> Create512(double value);

    static abstract Vector512<T> Floor(Vector512<T> v);

    static abstract Vector512<T> Ceiling(Vector512<T> v);

    static abstract Vector512<T> Round(Vector512<T> v);

    /// <inheritdoc cref="ILanes{TVector, T}.MulAdd"/>
    static abstract Vector512<T> MulAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c);
}

/// <summary>The instructions for floats.</summary>
internal readonly struct SinglePrecision : IPrecision<float>
{
    [MethodImpl(AggressiveInlining)] public static Vector128<float> Create128(double value) => Vector128.Create((float)value);
    [MethodImpl(AggressiveInlining)] public static Vector128<float> Floor(Vector128<float> v) => Vector128.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<float> Ceiling(Vector128<float> v) => Vector128.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<float> Round(Vector128<float> v) => Vector128.Round(v);
    [MethodImpl(AggressiveInlining)]
    public static Vector128<float> MulAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
        => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector256<float> Create256(double value) => Vector256.Create((float)value);
    [MethodImpl(AggressiveInlining)] public static Vector256<float> Floor(Vector256<float> v) => Vector256.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<float> Ceiling(Vector256<float> v) => Vector256.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<float> Round(Vector256<float> v) => Vector256.Round(v);
    [MethodImpl(AggressiveInlining)]
    public static Vector256<float> MulAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c)
        => Vector256.MultiplyAddEstimate(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector512<float> Create512(double value) => Vector512.Create((float)value);
    [MethodImpl(AggressiveInlining)] public static Vector512<float> Floor(Vector512<float> v) => Vector512.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<float> Ceiling(Vector512<float> v) => Vector512.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<float> Round(Vector512<float> v) => Vector512.Round(v);
    [MethodImpl(AggressiveInlining)]
    public static Vector512<float> MulAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c)
        => Vector512.MultiplyAddEstimate(a, b, c);
}

/// <summary>The instructions for doubles.</summary>
internal readonly struct DoublePrecision : IPrecision<double>
{
    [MethodImpl(AggressiveInlining)] public static Vector128<double> Create128(double value) => Vector128.Create(value);
    [MethodImpl(AggressiveInlining)] public static Vector128<double> Floor(Vector128<double> v) => Vector128.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<double> Ceiling(Vector128<double> v) => Vector128.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector128<double> Round(Vector128<double> v) => Vector128.Round(v);
    [MethodImpl(AggressiveInlining)]
    public static Vector128<double> MulAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c)
        => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector256<double> Create256(double value) => Vector256.Create(value);
    [MethodImpl(AggressiveInlining)] public static Vector256<double> Floor(Vector256<double> v) => Vector256.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<double> Ceiling(Vector256<double> v) => Vector256.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector256<double> Round(Vector256<double> v) => Vector256.Round(v);
    [MethodImpl(AggressiveInlining)]
    public static Vector256<double> MulAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c)
        => Vector256.MultiplyAddEstimate(a, b, c);

    [MethodImpl(AggressiveInlining)] public static Vector512<double> Create512(double value) => Vector512.Create(value);
    [MethodImpl(AggressiveInlining)] public static Vector512<double> Floor(Vector512<double> v) => Vector512.Floor(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<double> Ceiling(Vector512<double> v) => Vector512.Ceiling(v);
    [MethodImpl(AggressiveInlining)] public static Vector512<double> Round(Vector512<double> v) => Vector512.Round(v);
    [MethodImpl(AggressiveInlining)]
    public static Vector512<double> MulAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c)
        => Vector512.MultiplyAddEstimate(a, b, c);
}
