using DeepNet.Ops;

namespace DeepNet.Tests.Formulas;

/// <summary>Every operator's Backward against finite differences, to the second order, in double precision.</summary>
public class DerivativeTests
{
    private const double Step = 1e-6;

    public static IEnumerable<object[]> Unary => Operators.Unary;

    public static IEnumerable<object[]> Binary => Operators.Binary;

    [Theory]
    [MemberData(nameof(Unary))]
    public void Unary_gradients(Type op) => Operators.Call(typeof(DerivativeTests), nameof(CheckUnary), op);

    [Theory]
    [MemberData(nameof(Binary))]
    public void Binary_gradients(Type op) => Operators.Call(typeof(DerivativeTests), nameof(CheckBinary), op);

    private static void CheckUnary<TOp>() where TOp : unmanaged, IUnaryOp<TOp>
    {
        if (TOp.IsPredicate)
            return;
        foreach (TOp op in TOp.Samples)
        {
            foreach (double x in TOp.Points)
            {
                double y = op.Forward(new F64(x)).V;
                if (double.IsNaN(y))
                    continue; // a composition may leave the domain
                double first = First(op, x);
                double expected = (op.Forward(new F64(x + Step)).V - op.Forward(new F64(x - Step)).V) / (2 * Step);
                Near(expected, first, $"{TOp.Name}'({x})");
                Near(expected, op.Forward(new Dual<F64>(new(x), new(1))).Derivative.V, $"{TOp.Name}'({x}) through Dual");

                double second = TOp.Backward(
                    op, new Dual<F64>(new(x), new(1)), op.Forward(new Dual<F64>(new(x), new(1))), Dual<F64>.Constant(1)).Derivative.V;
                double expectedSecond = (First(op, x + Step) - First(op, x - Step)) / (2 * Step);
                Near(expectedSecond, second, $"{TOp.Name}''({x})");
                var twice = new Dual<Dual<F64>>(new(new(x), new(1)), new(new(1), new(0)));
                Near(expectedSecond, op.Forward(twice).Derivative.Derivative.V, $"{TOp.Name}''({x}) through Dual of Dual");
            }
        }
    }

    private static double First<TOp>(TOp op, double x) where TOp : unmanaged, IUnaryOp<TOp>
        => TOp.Backward(op, new F64(x), op.Forward(new F64(x)), new F64(1)).V;

    private static void CheckBinary<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (TOp.IsPredicate)
            return;
        foreach (TOp op in TOp.Samples)
        {
            foreach ((double a, double b) in TOp.Points)
            {
                (double byA, double byB) = First(op, a, b);
                Near((Value(op, a + Step, b) - Value(op, a - Step, b)) / (2 * Step), byA, $"{TOp.Name}({a}, {b}) by a");
                Near((Value(op, a, b + Step) - Value(op, a, b - Step)) / (2 * Step), byB, $"{TOp.Name}({a}, {b}) by b");

                (double aa, double ba) = Second(op, a, b, 1, 0);
                (double ab, double bb) = Second(op, a, b, 0, 1);
                Near((First(op, a + Step, b).A - First(op, a - Step, b).A) / (2 * Step), aa, $"{TOp.Name}({a}, {b}) by aa");
                Near((First(op, a + Step, b).B - First(op, a - Step, b).B) / (2 * Step), ba, $"{TOp.Name}({a}, {b}) by ba");
                Near((First(op, a, b + Step).A - First(op, a, b - Step).A) / (2 * Step), ab, $"{TOp.Name}({a}, {b}) by ab");
                Near((First(op, a, b + Step).B - First(op, a, b - Step).B) / (2 * Step), bb, $"{TOp.Name}({a}, {b}) by bb");
            }
        }
    }

    private static double Value<TOp>(TOp op, double a, double b)
        where TOp : unmanaged, IBinaryOp<TOp> => op.Forward(new F64(a), new F64(b)).V;

    private static (double A, double B) First<TOp>(TOp op, double a, double b) where TOp : unmanaged, IBinaryOp<TOp>
    {
        (F64 byA, F64 byB) = TOp.Backward(op, new F64(a), new F64(b), op.Forward(new F64(a), new F64(b)), new F64(1));
        return (byA.V, byB.V);
    }

    private static (double A, double B) Second<TOp>(TOp op, double a, double b, double da, double db) where TOp : unmanaged, IBinaryOp<TOp>
    {
        var left = new Dual<F64>(new(a), new(da));
        var right = new Dual<F64>(new(b), new(db));
        (Dual<F64> byA, Dual<F64> byB) = TOp.Backward(op, left, right, op.Forward(left, right), Dual<F64>.Constant(1));
        return (byA.Derivative.V, byB.Derivative.V);
    }

    private static void Near(double expected, double actual, string what)
        => Assert.True(
            Math.Abs(expected - actual) <= 1e-5 + 1e-3 * Math.Abs(expected), $"{what}: {actual}, by finite differences {expected}");

    [Fact]
    public void Ties_share_the_gradient_of_Maximum_and_kinks_have_the_gradient_of_PyTorch()
    {
        F64 one = new(1);
        Assert.Equal((0.5, 0.5), First(default(Maximum), 3, 3));
        Assert.Equal((0.5, 0.5), First(default(Minimum), 3, 3));
        Assert.Equal(0, First(default(Relu), 0));
        Assert.Equal(0, First(default(Abs), 0));
        Assert.Equal(1, First(new Clamp(-1, 1), 1));
        Assert.Equal(1, First(new Clamp(-1, 1), -1));
        Assert.Equal(0, First(default(HardSigmoid), 3));
        Assert.Equal(0, Pow.Backward(default, new F64(0), new F64(2), new F64(0), one).B.V);
        Assert.Equal(0, Pow.Backward(default, new F64(0), new F64(0), one, one).A.V);
    }

    [Fact]
    public void Backward_reads_only_what_it_must()
    {
        Assert.Equal((false, true), (Needs<Exp>.X, Needs<Exp>.Y));
        Assert.Equal((false, true), (Needs<Tanh>.X, Needs<Tanh>.Y));
        Assert.Equal((false, true), (Needs<Relu>.X, Needs<Relu>.Y));
        Assert.Equal((true, false), (Needs<Gelu>.X, Needs<Gelu>.Y));
        Assert.Equal((false, false), (Needs<Neg>.X, Needs<Neg>.Y));
        Assert.Equal((false, false), (Needs<WithRight<Add>>.X, Needs<WithRight<Add>>.Y));
        Assert.Equal((false, false), (Needs<WithRight<Mul>>.X, Needs<WithRight<Mul>>.Y));
        Assert.Equal(0, NeedsBinary<Add>.For(true, true).Inputs & 7);
        Assert.Equal(Uses.B.Inputs, NeedsBinary<Mul>.ForA.Inputs & 7);
        Assert.Equal(Uses.A.Inputs, NeedsBinary<Mul>.ForB.Inputs & 7);
        Assert.Equal(Uses.B.Inputs, NeedsBinary<Div>.ForA.Inputs & 7);
        Assert.Equal(Uses.B.Inputs | Uses.Y.Inputs, NeedsBinary<Div>.ForB.Inputs & 7);
    }
}
