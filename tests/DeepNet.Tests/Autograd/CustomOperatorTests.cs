using System.Runtime.CompilerServices;
using DeepNet.Ops;

namespace DeepNet.Tests;

/// <summary>Operators as users write them: formulas, and structured ones.</summary>
public class CustomOperatorTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From<double>(values).WithGrad();

    [Fact]
    public void A_unary_formula_has_derivatives_of_any_order()
    {
        GradCheck.Run(x => x[0].Apply(new Swish(1.5)), Leaf(-2, 0.3, 1));
        GradCheck.SecondOrder(x => x[0].Apply(new Swish(1.5)), Leaf(-2, 0.3, 1));
        var x = Leaf(0.4);
        var third = Autograd.Grad(Autograd.Grad(Autograd.Grad(x.Apply(new Cubed()), x, createGraph: true), x, createGraph: true), x);
        Assert.Equal(6, third.Item<double>(), 1e-12);
    }

    [Fact]
    public void A_binary_formula_broadcasts()
    {
        var (a, b) = (Sample.Values(2, 3), Sample.Positive(3));
        GradCheck.Run(x => x[0].Apply(new Hypot(), x[1]), a, b);
        GradCheck.SecondOrder(x => x[0].Apply(new Hypot(), x[1]), a, b);
        Assert.Equal("hypot", a.WithGrad().Apply(new Hypot(), b).GradNode!.Name);
    }

    [Fact]
    public void A_structured_operator()
    {
        GradCheck.Run(x => new Cube().Apply(x[0]), Sample.Values(2, 2));
        GradCheck.SecondOrder(x => new Cube().Apply(x[0]), Sample.Values(2, 2));
        Assert.Contains("applied already", Assert.Throws<InvalidOperationException>(() =>
        {
            var cube = new Cube();
            cube.Apply(Leaf(1));
            cube.Apply(Leaf(1));
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_result_leads_second_derivatives_through_it()
    {
        GradCheck.SecondOrder(x => new OwnExp().Apply(x[0]), Sample.Values(3));
    }

    [Fact]
    public void An_operator_that_returns_its_input_does_not_turn_it_into_a_result()
    {
        var x = Leaf(1, 2);
        var y = new Identity().Apply(x);
        Assert.NotSame(x, y);
        Assert.True(x.IsLeaf);
        Assert.Equal("identity", y.GradNode!.Name);
        y.Backward(Tensor.From<double>(3, 4));
        Assert.Equal([3.0, 4], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void A_gradient_of_the_wrong_shape_is_named()
    {
        var y = new WrongShape().Apply(Leaf(1, 2));
        var error = Assert.Throws<InvalidOperationException>(() => y.Backward(Tensor.From<double>(1, 1)));
        Assert.Contains("[wrong] the gradient of input 0 has shape (3,)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_of_another_type_is_converted()
    {
        var x = Leaf(1, 2);
        var y = new SinglePrecision().Apply(x * 3);
        y.Backward(Tensor.From<double>(1, 2));
        Assert.Equal([3.0, 6], x.Grad!.ToArray<double>());
    }

    [Fact]
    public void A_gradient_given_to_one_tensor_twice_is_not_spoilt_for_the_third()
    {
        var (a, b) = (Leaf(2), Leaf(5));
        new SumOfThree().Apply(a, a, b).Backward(Tensor.From<double>(1));
        Assert.Equal(4, a.Grad!.Item<double>());
        Assert.Equal(2, b.Grad!.Item<double>());
        var h = a * 1;
        a.ZeroGrad();
        b.ZeroGrad();
        new SumOfThree().Apply(h, h, b).Backward(Tensor.From<double>(1));
        Assert.Equal(4, a.Grad!.Item<double>());
        Assert.Equal(2, b.Grad!.Item<double>());
    }

    [Fact]
    public void What_a_derivative_keeps_with_Keep_stays()
    {
        var op = new Keeping();
        op.Apply(Leaf(1, 2) * 2).Backward(Tensor.From<double>(1, 1));
        Assert.Equal([7.0, 7], op.Kept!.ToArray<double>());
    }

    [Fact]
    public void A_parameter_that_Forward_uses_on_the_side_is_not_recorded()
    {
        var side = Leaf(2);
        var y = new Closure(side).Apply(Tensor.From<double>(1));
        Assert.False(y.RequiresGrad);
    }

    private readonly struct Swish(double beta) : IUnaryOp<Swish>
    {
        private readonly double beta = beta;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x) where V : INumber<V> => x / (V.Constant(1) + V.Exp(V.Constant(-beta) * x));
    }

    private readonly struct Cubed : IUnaryOp<Cubed>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V x) where V : INumber<V> => x * x * x;
    }

    private readonly struct Hypot : IBinaryOp<Hypot>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Forward<V>(V a, V b) where V : INumber<V> => V.Sqrt(a * a + b * b);
    }

    private sealed class Cube : Operator
    {
        public override string Name => "cube";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
        {
            Save(0, inputs[0]);
            return inputs[0] * inputs[0] * inputs[0];
        }
        protected override void Vjp(Tensor g) => Give(0, g * 3 * Saved(0).Square());
    }

    private sealed class OwnExp : Operator
    {
        public override string Name => "own_exp";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
        {
            var y = inputs[0].Exp();
            SaveResult(0, y);
            return y;
        }
        protected override void Vjp(Tensor g) => Give(0, g * Saved(0));
    }

    private sealed class Identity : Operator
    {
        public override string Name => "identity";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0];
        protected override void Vjp(Tensor g) => Give(0, g);
    }

    private sealed class WrongShape : Operator
    {
        public override string Name => "wrong";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0] + 1;
        protected override void Vjp(Tensor g) => Give(0, Tensor.Zeros(new Shape(3), DType.Float64));
    }

    private sealed class SinglePrecision : Operator
    {
        public override string Name => "single";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0] + 1;
        protected override void Vjp(Tensor g) => Give(0, g.To(DType.Float32));
    }

    private sealed class SumOfThree : Operator
    {
        public override string Name => "sum_of_three";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => (inputs[0] + inputs[1] + inputs[2]) * 2;
        protected override void Vjp(Tensor g)
        {
            var twice = g * 2;
            for (int i = 0; i < 3; i++) Give(i, twice);
        }
    }

    private sealed class Keeping : Operator
    {
        public Tensor? Kept { get; private set; }
        public override string Name => "keeping";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0] + 1;
        protected override void Vjp(Tensor g)
        {
            Kept = DeepNet.Memory.Keep(g * 7);
            Give(0, g);
        }
    }

    private sealed class Closure(Tensor side) : Operator
    {
        public override string Name => "closure";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0] * side;
        protected override void Vjp(Tensor g) => Give(0, g * side);
    }
}
