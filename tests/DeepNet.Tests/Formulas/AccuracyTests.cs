using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet.Tests.Formulas;

public class AccuracyTests
{
    private static readonly float[] X = Ulp.Arguments(1 << 18);

    // The bounds that the documentation of Elementary states; without hardware fused multiply-add erfc loses its tail's last digits.
    private static readonly bool Fused = System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;
    private static readonly double ErfcBound = Fused ? 6 : 200;

    [Fact] public void Exp() => Check<Exp>(Math.Exp, 1);
    [Fact] public void Expm1() => Check<Expm1>(x => F64.Expm1(new(x)).V, 1.5);
    [Fact] public void Log() => Check<Log>(Math.Log, 1);
    [Fact] public void Log1p() => Check<Log1p>(x => F64.Log1p(new(x)).V, 1.5);
    [Fact] public void Sin() => Check<Sin>(Math.Sin, 2.5);
    [Fact] public void Cos() => Check<Cos>(Math.Cos, 2.5);
    [Fact] public void Atan() => Check<Atan>(Math.Atan, 2);
    [Fact] public void Tanh() => Check<Tanh>(Math.Tanh, 2.5);
    [Fact] public void Erf() => Check<Erf>(x => F64.Erf(new(x)).V, 2);
    [Fact] public void Erfc() => Check<Erfc>(x => F64.Erfc(new(x)).V, ErfcBound);
    [Fact] public void Sqrt() => Check<Sqrt>(Math.Sqrt, 0.5);

    [Fact]
    public void NormalCdf()
    {
        float[] y = Run<NormalCdf, W256>(default);
        for (int i = 0; i < X.Length; i++)
        {
            double exact = F64.NormalCdf(new(X[i])).V;
            bool near = float.IsNaN(X[i]) ? float.IsNaN(y[i]) : Math.Abs(y[i] - exact) <= (Fused ? 1.8e-7 : 2.2e-7);
            bool precise = !(X[i] >= -1) || Ulp.Error(y[i], exact) <= 6;
            bool saturated = !(Math.Abs(X[i]) >= 5.7f) || y[i] == (X[i] > 0 ? 1 : 0);
            if (!(near && precise && saturated)) Assert.Fail($"normal_cdf({X[i]:R}) = {y[i]:R}, exactly {exact:R}");
        }
        AssertSameBits(y, Run<NormalCdf, W128>(default));
        AssertSameBits(y, Run<NormalCdf, W512>(default));
    }

    [Theory]
    [InlineData(2.5)]
    [InlineData(-3)]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(2)]
    public void Pow(double exponent)
        => Check(new WithRight<Pow>(default, exponent), x => Math.Pow(x, (float)exponent), 1);

    [Fact]
    public void Pow_follows_ieee_for_special_values()
    {
        float[] values = [0, -0f, 1, -1, 2, -2, 0.5f, -0.5f, 3, -3, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-40f,
            5e6f, 1e30f];
        foreach (float a in values)
            foreach (float b in values)
                Assert.True(Ulp.Error(W256.Pow(W256.Broadcast(a), W256.Broadcast(b)).V[3], Math.Pow(a, b)) <= 1, $"{a}^{b}");
    }

    [Fact]
    public void Signed_zeros_pass_through()
    {
        W256 zero = W256.Broadcast(-0f);
        foreach (W256 y in (W256[])[W256.Expm1(zero), W256.Log1p(zero), W256.Sin(zero), W256.Atan(zero), W256.Tanh(zero), W256.Erf(zero),
            W256.Round(zero), W256.Sqrt(zero)])
            Assert.True(float.IsNegative(y.V[0]) && y.V[0] == 0);
        Assert.False(float.IsNegative(W256.Sin(W256.Broadcast(0)).V[0]));
    }

    [Fact]
    public void Max_and_Min_keep_NaN()
    {
        Check2<W128>();
        Check2<W256>();
        Check2<W512>();

        static unsafe void Check2<V>() where V : struct, ISimd<V, float>
        {
            V nan = V.Broadcast(float.NaN), one = V.Constant(1);
            Assert.True(float.IsNaN(V.Sum(V.Max(nan, one))) && float.IsNaN(V.Sum(V.Max(one, nan))));
            Assert.True(float.IsNaN(V.Sum(V.Min(nan, one))) && float.IsNaN(V.Sum(V.Min(one, nan))));
            Assert.True(float.IsNaN(V.Sum(default(Relu).Forward(nan))));
            float* lanes = stackalloc float[V.Lanes];
            for (int i = 0; i < V.Lanes; i++)
                lanes[i] = i == 1 ? float.NaN : i;
            Assert.True(float.IsNaN(V.MaxLane(V.Load(lanes))) && float.IsNaN(V.MinLane(V.Load(lanes))));
            lanes[1] = 1;
            Assert.Equal(V.Lanes - 1, V.MaxLane(V.Load(lanes)));
            Assert.Equal(0, V.MinLane(V.Load(lanes)));
            Assert.Equal(V.Lanes * (V.Lanes - 1) / 2, V.Sum(V.Load(lanes)));
        }
    }

    [Fact]
    public void F32_is_as_accurate()
    {
        foreach (float x in X)
        {
            if (!(Ulp.Error(F32.Expm1(new(x)).V, F64.Expm1(new(x)).V) <= 2.5)) Assert.Fail($"expm1 {x:R}");
            if (!(Ulp.Error(F32.Log1p(new(x)).V, F64.Log1p(new(x)).V) <= 2.5)) Assert.Fail($"log1p {x:R}");
            if (!(Ulp.Error(F32.Erf(new(x)).V, F64.Erf(new(x)).V) <= 3)) Assert.Fail($"erf {x:R}");
            if (Ulp.Error(F32.Round(new(x)).V, Math.Round(x)) != 0) Assert.Fail($"round {x:R}");
        }
        Assert.True(float.IsNaN(F32.Max(new(float.NaN), new(1)).V) && float.IsNaN(F32.Max(new(1), new(float.NaN)).V));
    }

    [Theory]
    [InlineData(0.3, 0.32862675945912743)]
    [InlineData(0.7, 0.6778011938374185)]
    [InlineData(1.5, 0.9661051464753108)]
    [InlineData(2.5, 0.9995930479825550)]
    public void Erf_in_double_matches_tables(double x, double y) => Assert.Equal(y, F64.Erf(new(x)).V, 1e-15);

    [Theory]
    [InlineData(0.6, 0.3961439091520740)]
    [InlineData(3, 2.209049699858544e-5)]
    [InlineData(10, 2.088487583762545e-45)]
    public void Erfc_in_double_matches_tables(double x, double y) => Assert.Equal(1, F64.Erfc(new(x)).V / y, 1e-14);

    private static void Check<TOp>(Func<double, double> exact, double bound)
        where TOp : unmanaged, IUnaryOp<TOp> => Check<TOp>(default, exact, bound);

    private static void Check<TOp>(TOp op, Func<double, double> exact, double bound) where TOp : unmanaged, IUnaryOp<TOp>
    {
        float[] y256 = Run<TOp, W256>(op);
        for (int i = 0; i < X.Length; i++)
        {
            double error = Ulp.Error(y256[i], exact(X[i]));
            if (!(error <= bound)) Assert.Fail($"{TOp.Name}({X[i]:R}) = {y256[i]:R}, exactly {exact(X[i]):R}: {error} ulp");
        }
        AssertSameBits(y256, Run<TOp, W128>(op));
        AssertSameBits(y256, Run<TOp, W512>(op));
    }

    private static unsafe float[] Run<TOp, V>(TOp op)
        where TOp : unmanaged, IUnaryOp<TOp>
        where V : struct, ISimd<V, float>
    {
        var y = new float[X.Length];
        fixed (float* x = X, r = y)
            MapLoop.Forward<TOp, V, float, Cached>(op, x, r, X.Length);
        return y;
    }

    private static void AssertSameBits(float[] a, float[] b)
    {
        for (int i = 0; i < a.Length; i++)
            if (BitConverter.SingleToInt32Bits(a[i]) != BitConverter.SingleToInt32Bits(b[i]) && !(float.IsNaN(a[i]) && float.IsNaN(b[i])))
                Assert.Fail($"x = {X[i]:R}: {a[i]:R} and {b[i]:R}");
    }
}
