using System.Runtime.CompilerServices;
using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

/// <summary>
/// Gradients that are made of the formulas of a row operator, held against those written by hand and against finite differences.
/// </summary>
public class RowGradientTests
{
    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(0, 2, 3)]
    [InlineData(0, 3, 8)]
    [InlineData(0, 2, 33)]
    [InlineData(0, 2, 3100)]
    [InlineData(1, 5, 4)]
    [InlineData(1, 40, 3)]
    public void Are_those_written_by_hand(int axis, int a, int b)
    {
        // The axis is named from the end: 0 is the last.
        var shape = new Shape(a, b);
        uint mask = 2u >> axis;
        foreach (var (dtype, tolerance) in ((DType, double)[])[(DType.Float64, 1e-13), (DType.Float32, 3e-6)])
        {
            Near(x => x.Softmax(1 - axis), x => Of<MaxFold, Softmax.ExpFold, Softmax.Scaled>(x, default, mask), shape, dtype, tolerance);
            Near(x => x.LogSoftmax(1 - axis), x => Of<MaxFold, LogExpFold, LogSoftmax.Shifted>(x, default, mask), shape, dtype, tolerance);
            Near(x

                => x.LogSumExp(1 - axis), x => Of<LogSumExp.FiniteMaxFold, LogExpFold, LogSumExp.Total>(x, default, mask), shape, dtype,
                tolerance);
            Near(x => x.Var(1 - axis, correction: 0),
                x => Of<Variance.MeanFold, SquareFold, Variance.Result>(x, new(x.Shape[1 - axis]), mask), shape, dtype, tolerance);
        }
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 20)]
    public void Have_derivatives_of_their_own(int rows, int length)
    {
        var x = Sample.Values(rows, length).WithGrad();
        foreach (uint mask in (uint[])[1, 2, 3])
        {
            Check(t => Of<MaxFold, Softmax.ExpFold, Softmax.Scaled>(t, default, mask));
            Check(t => Of<MaxFold, LogExpFold, LogSoftmax.Shifted>(t, default, mask));
            Check(t => Of<LogSumExp.FiniteMaxFold, LogExpFold, LogSumExp.Total>(t, default, mask));
            Check(t => Of<Variance.MeanFold, SquareFold, Variance.Result>(t, new(length), mask));
            Check(t => Of<Variance.MeanFold, DeviationFold, Standard>(t, new(length), mask));
            Check(t => Of<NoFold, SquareSum, Unit>(t, default, mask));
        }

        void Check(Func<Tensor, Tensor> f)
        {
            GradCheck.Run(t => f(t[0]).Square(), x);
            GradCheck.SecondOrder(t => f(t[0]).Square(), x);
        }
    }

    [Fact]
    public void Of_two_folds_that_both_move_are_right_in_the_kernel_too()
    {
        foreach (int length in (int[])[1, 2, 7, 16, 100, 2500])
        {
            Tensor x = (Sample.Values(3, length) + 0.2).WithGrad(), g = Sample.Values(length, 3).T;
            Of<Variance.MeanFold, DeviationFold, Standard>(x, new(length), 2).Backward(g);
            var d = x.Detach() - x.Detach().Mean(1, keepDim: true);
            Tensor scale = (d.Square().Mean(1, keepDim: true) + 0.1).Rsqrt(), normal = d * scale;
            Tensor expected = (g - g.Mean(1, keepDim: true) - normal * (g * normal).Mean(1, keepDim: true)) * scale;
            Naive.AssertClose(expected.ToArray<double>(), x.Grad!, 1e-12);
        }
    }

    private static void Near(Func<Tensor, Tensor> expected, Func<Tensor, Tensor> f, Shape shape, DType dtype, double tolerance)
    {
        Tensor a = Sample.Values([.. shape.Axes]).To(dtype).WithGrad(), b = a.Detach().Clone().WithGrad();
        Tensor y = expected(a), z = f(b), g = Sample.Values([.. y.Shape.Axes]).To(dtype);
        Naive.AssertClose(y.ToArray<double>(), z, tolerance);
        y.Backward(g);
        z.Backward(g);
        Naive.AssertClose(a.Grad!.ToArray<double>(), b.Grad!, tolerance);
    }

    private static Tensor Of<TFirst, TSecond, TMap>(Tensor x, TSecond second, uint mask)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
        => new Made<TFirst, TSecond, TMap>(second, mask).Apply(x);

    private sealed class Made<TFirst, TSecond, TMap>(TSecond second, uint mask)
        : RowOperator<TFirst, TSecond, TMap>(default, second, default, mask, false)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>
    {
        public override string Name => "made";
    }

    // 1 / √(Σ (x − A)² / n + 0.1): moves with A through its terms, and with x.
    private readonly struct DeviationFold(double n) : IRowFold<DeviationFold>, IReadsX
    {
        private readonly Setting n = new(n);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Term<V>(DeviationFold fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => (e.X - k.A) * (e.X - k.A);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Close<V>(DeviationFold fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
            => k.B = V.Constant(1) / V.Sqrt(sums.A / n + V.Constant(0.1));
    }

    private readonly struct Standard : IRowMap<Standard>, IReadsX
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(Standard map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => (e.X - k.A) * k.B;
    }

    private readonly struct SquareSum : IRowFold<SquareSum>, IReadsX
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Term<V>(SquareSum fold, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X * e.X;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Close<V>(SquareSum fold, in RowSums<V> sums, V n, ref RowState<V> k) where V : INumber<V>
            => k.B = V.Constant(1) / V.Sqrt(sums.A);
    }

    private readonly struct Unit : IRowMap<Unit>, IReadsX
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Of<V>(Unit map, in RowElement<V> e, in RowState<V> k) where V : INumber<V> => e.X * k.B;
    }
}
