using DeepNet.Ops;
using static DeepNet.Tests.Numbers.Operators;

namespace DeepNet.Tests.Operators;

/// <summary>Every formula over every layout and type against its own scalar interpretation, special values among the points.</summary>
public class FormulaLayoutTests
{
    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0];

    public static IEnumerable<object[]> UnaryOperators => Unary;

    public static IEnumerable<object[]> BinaryOperators => Binary;

    [Theory]
    [MemberData(nameof(UnaryOperators))]
    public void Unary_formulas_hold_in_every_layout(Type op) => Call(typeof(FormulaLayoutTests), nameof(CheckUnary), op);

    [Theory]
    [MemberData(nameof(BinaryOperators))]
    public void Binary_formulas_hold_in_every_layout(Type op) => Call(typeof(FormulaLayoutTests), nameof(CheckBinary), op);

    private static void CheckUnary<TOp>() where TOp : unmanaged, IUnaryOp<TOp>
    {
        var op = TOp.Samples[0];
        foreach (var dtype in new[] { DType.Float64, DType.Float32 })
            foreach (var (name, x) in Layouts.Of([.. TOp.Points, .. Special], dtype))
                Same(
                    $"{name} of {dtype.Name()}", x.ToArray<double>().Select(v => op.Forward(new F64(v)).V), x.Apply(op), x.Shape,
                    TOp.IsPredicate ? DType.Bool : dtype);

        if (typeof(TOp).IsGenericType) return; // compositions meet integers only after the number has widened them
        foreach (var dtype in new[] { DType.Int32, DType.Int64, DType.Int8, DType.UInt8, DType.Bool })
        {
            double[] whole = dtype == DType.Bool ? [0, 1, 1] : dtype == DType.UInt8 ? [7, 1, 0, 1, 2, 5] : [-7, -1, 0, 1, 2, 5];
            var expected = TOp.IsPredicate ? DType.Bool : TOp.OnIntegers ? dtype : DType.Float32;
            // What −true is is nobody's business, and what −1 of a byte is is tested elsewhere.
            if (dtype is DType.Bool or DType.UInt8 && TOp.OnIntegers && !TOp.IsPredicate) continue;
            foreach (var (name, x) in Layouts.Of(whole, dtype))
                Same(
                    $"{name} of {dtype.Name()}", x.ToArray<double>().Select(v => op.Forward(new F64(v)).V), x.Apply(op), x.Shape, expected);
        }
    }

    private static void CheckBinary<TOp>() where TOp : unmanaged, IBinaryOp<TOp>
    {
        var op = TOp.Samples[0];
        var points = TOp.Points.ToArray();
        double[] left = [.. points.Select(p => p.A), .. Special], right = [.. points.Select(p => p.B), .. Special.Reverse()];
        foreach (var dtype in new[] { DType.Float64, DType.Float32 })
            Pairs(left, right, dtype, TOp.IsPredicate ? DType.Bool : dtype);
        foreach (var dtype in new[] { DType.Int32, DType.Int64, DType.Int8 })
            Pairs([-7, -1, 0, 1, 2, 5], [3, -2, 1, 4, -1], dtype, TOp.IsPredicate ? DType.Bool : TOp.OnIntegers ? dtype : DType.Float32);

        void Pairs(double[] leftValues, double[] rightValues, DType dtype, DType expected)
        {
            foreach (var ((name, a), (_, b)) in Layouts.Of(leftValues, dtype).Zip(Layouts.Of(rightValues, dtype)))
            {
                Check(name, a, b);
                Check($"{name} and a dense one", a, b.CopyDense());
                Check($"{name} and a scalar", a, Tensor.From<double>([rightValues[0]]).Reshape().To(dtype));
                Check($"a scalar and {name}", Tensor.From<double>([leftValues[0]]).Reshape().To(dtype), b);
            }
            var matrix = Layouts.Of(leftValues, dtype).First(l => l.Name == "a transpose").View;   // (7, 15)
            var row = Tensor.From<double>([.. Enumerable.Range(0, 15).Select(i => rightValues[i % rightValues.Length])]).To(dtype);
            var column = row.View(new Shape(7, 1), [2, 1], 0);
            foreach (var block in new[] { matrix, matrix.Contiguous() })
            {
                Check("a matrix and a row", block, row);
                Check("a matrix and a column", block, column);
                Check("a row and a column", row, column);
                Check("ranks 3 and 2", block.Reshape(7, 5, 3), column.View(new Shape(5, 1), [1, 1], 0));
            }

            void Check(string what, Tensor a, Tensor b)
            {
                var shape = Axis.Broadcast("test", a.Shape, b.Shape);
                double[] p = a.Expand(shape).ToArray<double>(), q = b.Expand(shape).ToArray<double>();
                Same($"{what}, {dtype.Name()}", p.Zip(q, (u, v) => op.Forward(new F64(u), new F64(v)).V), a.Apply(op, b), shape, expected);
            }
        }
    }

    private static void Same(string what, IEnumerable<double> expected, Tensor actual, Shape shape, DType dtype)
    {
        Assert.True(actual.Shape.Equals(shape), $"{what}: shape {actual.Shape}, should be {shape}");
        Assert.True(actual.DType == dtype, $"{what}: {actual.DType.Name()}, should be {dtype.Name()}");
        double tolerance = dtype == DType.Float64 ? 1e-12 : dtype == DType.Float32 ? 1e-5 : 0;
        double[] values = actual.ToArray<double>();
        int i = 0;
        foreach (double value in expected)
        {
            double e = value, a = values[i++];
            Assert.True(
                a.Equals(e) || Math.Abs(a - e) <= tolerance * Math.Max(1, Math.Abs(e)),
                $"{what}: element {i - 1} is {a:R}, should be {e:R}");
        }
        Assert.Equal(values.Length, i);
    }
}
