using System.Numerics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet.Tests.Formulas;

/// <summary>Every operator through every loop and width: same bits wherever an element lies, and no memory touched outside.</summary>
public unsafe class LoopTests
{
    private const float Guard = 12345.678f;

    public static IEnumerable<object[]> Unary => Operators.Unary;

    public static IEnumerable<object[]> Binary => Operators.Binary;

    [Theory]
    [MemberData(nameof(Unary))]
    public void Unary_loops(Type op)
    {
        foreach (Type width in (Type[])[typeof(W128), typeof(W256), typeof(W512)])
            Operators.Call(typeof(LoopTests), nameof(CheckUnary), op, width);
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Binary_loops(Type op)
    {
        foreach (Type width in (Type[])[typeof(W128), typeof(W256), typeof(W512)])
            Operators.Call(typeof(LoopTests), nameof(CheckBinary), op, width);
    }

    private static void CheckUnary<TOp, V>()
        where TOp : unmanaged, IUnaryOp<TOp>
        where V : struct, ISimd<V, float>
    {
        TOp op = TOp.Samples[0];
        float[] x = Values(70, 1), g = Values(70, 2), y = new float[70], dx = new float[70];
        fixed (float* px = x, pg = g, py = y, pdx = dx)
        {
            MapLoop.Forward<TOp, W256, float, Cached>(op, px, py, 70);
            MapLoop.Backward<TOp, W256, float>(op, px, py, pg, pdx, 70);
            float* r = stackalloc float[72];
            byte* bits = stackalloc byte[72];
            for (int n = 0; n <= 70; n++)
            {
                Fill(r);
                MapLoop.Forward<TOp, V, float, Cached>(op, px, r, n);
                Same(y, r, n);
                Fill(r);
                MapLoop.Backward<TOp, V, float>(op, px, py, pg, r, n);
                Same(dx, r, n);
                new Span<float>(pg, n).CopyTo(new Span<float>(r, n));
                MapLoop.Backward<TOp, V, float>(op, px, py, r, r, n);
                Same(dx, r, n);
                new Span<byte>(bits, 72).Fill(77);
                MapLoop.Predicate<TOp, V, float>(op, px, bits, n);
                for (int i = 0; i < 72; i++)
                    Assert.Equal(i >= n ? 77 : y[i] == 0 ? 0 : 1, bits[i]);
            }
        }
    }

    private static void CheckBinary<TOp, V>()
        where TOp : unmanaged, IBinaryOp<TOp>
        where V : struct, ISimd<V, float>
    {
        TOp op = default;
        float* r = stackalloc float[72];
        float* s = stackalloc float[72];
        byte* bits = stackalloc byte[72];
        float[] a = Values(70, 1), b = Values(70, 2), g = Values(70, 3), y = new float[70], da = new float[70], db = new float[70];
        fixed (float* pa = a, pb = b, pg = g, py = y, pda = da, pdb = db)
        {
            foreach ((bool aScalar, bool bScalar) in ((bool, bool)[])[(true, true), (true, false), (false, true), (false, false)])
            {
                for (int i = 0; i < 70; i++)
                    y[i] = op.Forward(W256.Broadcast(a[aScalar ? 0 : i]), W256.Broadcast(b[bScalar ? 0 : i])).V[0];
                for (int n = 0; n <= 70; n++)
                {
                    Fill(r);
                    ZipLoop.Forward<TOp, V, float>(op, pa, 0, aScalar, pb, 0, bScalar, r, 0, 1, n);
                    Same(y, r, n);
                    new Span<byte>(bits, 72).Fill(77);
                    ZipLoop.Predicate<TOp, V, float>(op, pa, 0, aScalar, pb, 0, bScalar, bits, 0, 1, n);
                    for (int i = 0; i < 72; i++)
                        Assert.Equal(i >= n ? 77 : y[i] == 0 ? 0 : 1, bits[i]);
                }
            }

            ZipLoop.Backward<TOp, W256, float>(op, pa, pb, py, pg, pda, pdb, 70);
            for (int n = 0; n <= 70; n++)
            {
                Fill(r);
                Fill(s);
                ZipLoop.Backward<TOp, V, float>(op, pa, pb, py, pg, r, s, n);
                Same(da, r, n);
                Same(db, s, n);
                Fill(r);
                ZipLoop.Backward<TOp, V, float>(op, pa, pb, py, pg, r, null, n);
                Same(da, r, n);
                Fill(r);
                ZipLoop.Backward<TOp, V, float>(op, pa, pb, py, pg, null, r, n);
                Same(db, r, n);
            }
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(3, 13)]
    [InlineData(4, 5000)]
    public void A_row_gradient_is_the_sum_over_the_rows(int rows, int n)
    {
        float[] a = Values(rows * n, 1), b = Values(n, 2), g = Values(rows * n, 3), y = new float[rows * n], da = new float[rows * n],
            db = new float[n], only = new float[n];
        fixed (float* pa = a, pb = b, pg = g, py = y, pda = da, pdb = db, po = only)
        {
            ZipLoop.Forward<Div, W256, float>(default, pa, n, false, pb, 0, false, py, n, rows, n);
            ZipLoop.BackwardRow<Div, W256, float>(default, pa, pb, py, pg, pda, pdb, rows, n);
            ZipLoop.BackwardRow<Div, W256, float>(default, pa, pb, py, pg, null, po, rows, n);
            Assert.Equal(db, only);
            var again = new float[rows * n];
            fixed (float* pda2 = again)
                ZipLoop.BackwardRow<Div, W256, float>(default, pa, pb, py, pg, pda2, null, rows, n);
            Assert.Equal(da, again);
        }
        for (int j = 0; j < n; j++)
        {
            float sum = 0;
            for (int i = 0; i < rows; i++)
            {
                float d = g[i * n + j] / b[j];
                Assert.Equal(d, da[i * n + j]);
                sum += -(d * (a[i * n + j] / b[j]));
            }
            Assert.Equal(sum, db[j]);
        }
    }

    [Fact]
    public void Doubles_and_integers_run_the_same_loops()
    {
        double[] x = [-2, -1, -0.5, 0, 0.25, 1, 2], y = new double[7];
        fixed (double* px = x, py = y)
        {
            MapLoop.Forward<Sigmoid, D256, double, Cached>(default, px, py, 7);
            for (int i = 0; i < 7; i++)
                Assert.Equal(1 / (1 + Math.Exp(-x[i])), y[i], 1e-15);
            MapLoop.Forward<Erf, D256, double, Cached>(default, px, py, 7);
            for (int i = 0; i < 7; i++)
                Assert.Equal(F64.Erf(new(x[i])).V, y[i]);
        }
        Assert.Equal(14, D256.Sum(new(System.Runtime.Intrinsics.Vector256.Create(2.0, 3, 4, 5))));

        Assert.Equal([-3, 2, -1, 0], Zip<FloorDivide, int>([-5, 5, 2, 0], [2, 2, -3, 7]));
        Assert.Equal([1, 1, -1, 0], Zip<Remainder, int>([-5, 5, 2, 0], [2, 2, -3, 7]));
        Assert.Equal([long.MinValue], Zip<FloorDivide, long>([long.MinValue], [-1]));
        Assert.Equal([7, -2], Zip<Maximum, long>([7, -5], [3, -2]));
        Assert.Equal<byte>([1, 0, 0, 0], Zip<And, byte>([1, 1, 0, 0], [1, 0, 1, 0]));
        Assert.Equal<byte>([0, 1, 1, 0], Zip<Xor, byte>([1, 1, 0, 0], [1, 0, 1, 0]));
        Assert.Equal([-1, 0, 1], Map<Sign, int>([-9, 0, 4]));
        Assert.Equal([0, 0, 4], Map<Relu, int>([-9, 0, 4]));
        Assert.Contains(
            "integer tensors become float32", Assert.Throws<InvalidOperationException>(() => Map<Exp, int>([1])).Message,
            StringComparison.Ordinal);
    }

    private static T[] Map<TOp, T>(T[] x)
        where TOp : unmanaged, IUnaryOp<TOp>
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var y = new T[x.Length];
        fixed (T* px = x, py = y)
            MapLoop.Forward<TOp, Whole<T>, T, Cached>(default, px, py, x.Length);
        return y;
    }

    private static T[] Zip<TOp, T>(T[] a, T[] b)
        where TOp : unmanaged, IBinaryOp<TOp>
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var y = new T[a.Length];
        fixed (T* pa = a, pb = b, py = y)
            ZipLoop.Forward<TOp, Whole<T>, T>(default, pa, 0, false, pb, 0, false, py, 0, 1, a.Length);
        return y;
    }

    private static float[] Values(int n, int seed)
    {
        var random = new System.Random(seed);
        var values = new float[n];
        for (int i = 0; i < n; i++)
            values[i] = i % 17 == 5 ? Ulp.Edges[random.Next(Ulp.Edges.Length)] : (float)(random.NextDouble() * 8 - 4);
        return values;
    }

    private static void Fill(float* p) => new Span<float>(p, 72).Fill(Guard);

    private static void Same(float[] expected, float* got, int n)
    {
        for (int i = 0; i < 72; i++)
        {
            float want = i < n ? expected[i] : Guard;
            if (BitConverter.SingleToInt32Bits(want) != BitConverter.SingleToInt32Bits(got[i])
                && !(float.IsNaN(want) && float.IsNaN(got[i])))
                Assert.Fail($"element {i} of {n}: {got[i]:R}, expected {want:R}");
        }
    }
}
