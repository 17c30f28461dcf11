using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace DeepNet.Bench;

/// <summary>
/// What writing an operator as a formula costs: the library's operator against a loop written by hand with the same
/// arithmetic, in cache, one thread. The library's side is the whole public call, allocation included.
/// </summary>
internal static unsafe class Formulas
{
    private const int N = 1 << 14, Repeat = 64;

    private delegate void Loop(float* x, float* y, nint n);

    public static int Run(int rounds)
    {
        if (!Fma.IsSupported)
        {
            Console.WriteLine("The hand-written loops need AVX2 and FMA.");
            return 1;
        }
        CpuDevice.Threads = 1;
        Console.WriteLine(Machine.Describe(1));
        Console.WriteLine($"{"formula",-12} {"ours",12} {"by hand",12} {"ours/hand",10}");
        Row("relu", x => x.Relu(), Relu, rounds);
        Row("exp", x => x.Exp(), Exp, rounds);
        Row("sigmoid", x => x.Sigmoid(), Sigmoid, rounds);
        Row("silu", x => x.Silu(), Silu, rounds);
        return 0;
    }

    private static void Row(string name, Func<Tensor, Tensor> formula, Loop byHand, int rounds)
    {
        var x = Tensor.Randn(new Shape(N));
        float[] values = x.ToArray();
        float* from = (float*)NativeMemory.AlignedAlloc(N * 4, 64), to = (float*)NativeMemory.AlignedAlloc(N * 4, 64);
        values.CopyTo(new Span<float>(from, N));
        double worst = 0;
        byHand(from, to, N);
        float[] ours = formula(x).ToArray();
        for (int i = 0; i < N; i++) worst = Math.Max(worst, Math.Abs(ours[i] - to[i]) / (1e-6 + Math.Abs(to[i])));
        if (worst > 1e-5) throw new InvalidOperationException($"{name}: the two sides differ by {worst}; the comparison means nothing.");

        Action library = () =>
        {
            for (int i = 0; i < Repeat; i++) formula(x).Dispose();
        };
        Action hand = () =>
        {
            for (int i = 0; i < Repeat; i++) byHand(from, to, N);
        };
        Timing.WarmUp(library);
        Timing.WarmUp(hand);
        var ratios = new List<double>();
        double a = 0, b = 0;
        for (int i = 0; i < 3 * rounds; i++)
        {
            a = Timing.Median(library, windows: 5, window: 0.01);
            b = Timing.Median(hand, windows: 5, window: 0.01);
            ratios.Add(a / b);
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-12} {Units.Time(a / Repeat),12} {Units.Time(b / Repeat),12} {Timing.Median(ratios),10:F3}"));
        NativeMemory.AlignedFree(from);
        NativeMemory.AlignedFree(to);
    }

    private static V C(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOf(V x)
    {
        x = Vector256.ConditionalSelect(Vector256.GreaterThan(x, C(89f)), C(89f), x);
        x = Vector256.ConditionalSelect(Vector256.LessThan(x, C(-104f)), C(-104f), x);
        var n = Avx.RoundToNearestInteger(x * C(1.44269504f));
        var r = Fma.MultiplyAdd(n, C(-0.693359375f), x);
        r = Fma.MultiplyAdd(n, C(2.12194440e-4f), r);
        var p = C(1.9875691500E-4f);
        p = Fma.MultiplyAdd(p, r, C(1.3981999507E-3f));
        p = Fma.MultiplyAdd(p, r, C(8.3334519073E-3f));
        p = Fma.MultiplyAdd(p, r, C(4.1665795894E-2f));
        p = Fma.MultiplyAdd(p, r, C(1.6666665459E-1f));
        p = Fma.MultiplyAdd(p, r, C(5.0000001201E-1f));
        p = Fma.MultiplyAdd(p * r, r, r) + C(1f);
        var k = Avx.ConvertToVector256Int32(n);
        var half = Vector256.ShiftRightArithmetic(k, 1);
        return p * Vector256.ShiftLeft(half + Vector256.Create(127), 23)
            .AsSingle() * Vector256.ShiftLeft(k - half + Vector256.Create(127), 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Relu(float* x, float* y, nint n)
    {
        for (nint i = 0; i < n; i += 8) Avx.Max(V.Zero, Vector256.Load(x + i)).Store(y + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exp(float* x, float* y, nint n)
    {
        for (nint i = 0; i < n; i += 8) ExpOf(Vector256.Load(x + i)).Store(y + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sigmoid(float* x, float* y, nint n)
    {
        for (nint i = 0; i < n; i += 8) (C(1) / (C(1) + ExpOf(-Vector256.Load(x + i)))).Store(y + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Silu(float* x, float* y, nint n)
    {
        for (nint i = 0; i < n; i += 8)
        {
            var v = Vector256.Load(x + i);
            (v / (C(1) + ExpOf(-v))).Store(y + i);
        }
    }
}
