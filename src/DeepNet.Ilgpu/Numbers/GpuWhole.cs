global using GpuInt32 = DeepNet.Ilgpu.GpuWhole<int, DeepNet.Ilgpu.Int32Arithmetic>;
global using GpuInt64 = DeepNet.Ilgpu.GpuWhole<long, DeepNet.Ilgpu.Int64Arithmetic>;
global using GpuInt8 = DeepNet.Ilgpu.GpuWhole<byte, DeepNet.Ilgpu.ByteArithmetic<DeepNet.Ilgpu.Signed>>;
global using GpuUInt8 = DeepNet.Ilgpu.GpuWhole<byte, DeepNet.Ilgpu.ByteArithmetic<DeepNet.Ilgpu.Unsigned>>;

namespace DeepNet.Ilgpu;

/// <summary>
/// One integer in a kernel. Arithmetic wraps and division rounds towards minus infinity. Functions with fractions are never reached,
/// because such tensors become float32 first; in a kernel nothing can be thrown, so here they are the identity.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="A">Its arithmetic.</typeparam>
internal readonly struct GpuWhole<T, A>(T v) : IGpuNumber<GpuWhole<T, A>, T> where T : unmanaged where A : IWholeArithmetic<T>
{
    public readonly T V = v;

    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> From(T element) => new(element);
    [MethodImpl(AggressiveInlining)] public static T To(GpuWhole<T, A> number) => number.V;
    [MethodImpl(AggressiveInlining)]
    public static byte IsTrue(GpuWhole<T, A> number) => A.AreEqual(number.V, default) ? (byte)0 : (byte)1;
    [MethodImpl(AggressiveInlining)] public static bool IsNaN(GpuWhole<T, A> number) => false;
    [MethodImpl(AggressiveInlining)] public static bool IsLess(GpuWhole<T, A> a, GpuWhole<T, A> b) => A.IsLess(a.V, b.V);
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Constant(double value) => new(A.Constant(value));
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Constant(Setting value) => new(A.Constant(value.Whole));
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> OfInt32(int value) => new(A.Constant((long)value));

    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> operator +(GpuWhole<T, A> a, GpuWhole<T, A> b) => new(A.Add(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> operator -(GpuWhole<T, A> a, GpuWhole<T, A> b) => new(A.Subtract(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> operator *(GpuWhole<T, A> a, GpuWhole<T, A> b) => new(A.Multiply(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> operator /(GpuWhole<T, A> a, GpuWhole<T, A> b) => new(A.Divide(a.V, b.V));
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> operator -(GpuWhole<T, A> a) => new(A.Subtract(default, a.V));
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> Fma(GpuWhole<T, A> a, GpuWhole<T, A> b, GpuWhole<T, A> c) => new(A.Add(A.Multiply(a.V, b.V), c.V));

    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Abs(GpuWhole<T, A> x) => A.IsLess(x.V, default) ? -x : x;
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> Max(GpuWhole<T, A> a, GpuWhole<T, A> b) => A.IsLess(b.V, a.V) ? a : b;
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> Min(GpuWhole<T, A> a, GpuWhole<T, A> b) => A.IsLess(a.V, b.V) ? a : b;
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> IfGreater(GpuWhole<T, A> p, GpuWhole<T, A> q, GpuWhole<T, A> a, GpuWhole<T, A> b)
        => A.IsLess(q.V, p.V) ? a : b;
    [MethodImpl(AggressiveInlining)]
    public static GpuWhole<T, A> IfEqual(GpuWhole<T, A> p, GpuWhole<T, A> q, GpuWhole<T, A> a, GpuWhole<T, A> b)
        => A.AreEqual(p.V, q.V) ? a : b;

    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Pow(GpuWhole<T, A> a, GpuWhole<T, A> b) => a;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Exp(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Expm1(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Log(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Log1p(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Sin(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Cos(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Atan(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Tanh(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Erf(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Sqrt(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Floor(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Ceil(GpuWhole<T, A> x) => x;
    [MethodImpl(AggressiveInlining)] public static GpuWhole<T, A> Round(GpuWhole<T, A> x) => x;
}
