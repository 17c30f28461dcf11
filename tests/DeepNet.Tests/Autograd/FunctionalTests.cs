using DeepNet.Ops;

namespace DeepNet.Tests;

/// <summary>Derivatives as functions.</summary>
public class FunctionalTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From<double>(values).WithGrad();
    private static Tensor Sum(Tensor x) => x.SumTo(Shape.Scalar);

    [Fact]
    public void Grad_gathers_nothing()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        var g = Autograd.Grad(a * b, [a, b]);
        Assert.Equal(3, g[0].Item<double>());
        Assert.Equal(2, g[1].Item<double>());
        Assert.Null(a.Grad);
        Assert.Null(b.Grad);
    }

    [Fact]
    public void Grad_with_respect_to_results_and_leaves_at_once()
    {
        var x = Leaf(2);
        var h = x.Square();
        var y = h * h * x;
        var g = Autograd.Grad(y, [h, x, h]);
        Assert.Equal(2 * 4 * 2, g[0].Item<double>());
        Assert.Equal(5 * 16, g[1].Item<double>());
        Assert.Equal(16, g[2].Item<double>());
    }

    [Fact]
    public void Grad_does_not_go_below_what_is_asked_for()
    {
        var x = Leaf(2);
        var h = x.Square();
        var y = h.Exp();
        Assert.Equal(Math.Exp(4), Autograd.Grad(y, h).Item<double>(), 1e-12);
        h.Backward();           // square was not reached, so not freed
        Assert.Equal(4, x.Grad!.Item<double>());
    }

    [Fact]
    public void Unused_inputs_are_an_error_or_null()
    {
        var (a, b) = (Leaf(2), Leaf(3));
        Assert.Contains(
            "input 1", Assert.Throws<InvalidOperationException>(() => Autograd.Grad(a * 2, [a, b])).Message, StringComparison.Ordinal);
        var g = Autograd.TryGrad([a * 2], [a, b]);
        Assert.Equal(2, g[0]!.Item<double>());
        Assert.Null(g[1]);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var a = Leaf(2);
        Assert.Contains(
            "input 0", Assert.Throws<InvalidOperationException>(() => Autograd.Grad(a * 2, Tensor.Ones(1))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Autograd.Grad([a * 2], [a], [null, null]));
        Assert.Contains(
            "float64", Assert.Throws<ArgumentException>(() => Autograd.Jacobian(x => x, Tensor.Zeros(new Shape(2), DType.Int32))).Message,
            StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            "(2,)", Assert.Throws<ArgumentException>(() => Autograd.Hessian(x => x * 2, Leaf(1, 2))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "v has shape (3,)", Assert.Throws<ArgumentException>(() => Autograd.Hvp(Sum, Leaf(1, 2), Leaf(1, 2, 3))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Jacobian_of_a_polynomial()
    {
        var jacobian = Autograd.Jacobian(x => x.Square() * Sum(x), Leaf(2, 3));
        Assert.Equal(new Shape(2, 2), jacobian.Shape);
        Assert.Equal([24.0, 4, 9, 39], jacobian.ToArray<double>());
    }

    [Fact]
    public void Jacobian_has_the_shapes_of_result_and_argument()
    {
        var jacobian = Autograd.Jacobian(x => x.T.Expand(2, 3, 2) * 5, Tensor.Zeros(new Shape(2, 3)));
        Assert.Equal(new Shape(2, 3, 2, 2, 3), jacobian.Shape);
        Assert.Equal(12 * 5, jacobian.ToArray().Sum());
        Assert.Equal(5, jacobian.ToArray()[^1]);
        Assert.Equal(new Shape(3), Autograd.Jacobian(x => Sum(x), Leaf(1, 2, 3)).Shape);
        Assert.Equal(new Shape(2, 0), Autograd.Jacobian(x => Sum(x).Expand(2), Tensor.Zeros(0)).Shape);
    }

    [Fact]
    public void The_derivative_of_a_constant_is_zero()
    {
        var x = Leaf(1, 2);
        var constant = Leaf(5).Detach();
        Assert.Equal([0.0, 0], Autograd.Jacobian(_ => constant, x).ToArray<double>());
        Assert.Equal([0.0, 0, 0, 0], Autograd.Hessian(Sum, x).ToArray<double>());
        Assert.Equal([0.0, 0], Autograd.Hvp(Sum, x, x).ToArray<double>());
        Assert.Equal([0.0], Autograd.Jvp(_ => constant, x, x).ToArray<double>());
        Assert.Equal([0.0, 0], Autograd.Vjp(_ => constant, x, constant).ToArray<double>());
    }

    [Fact]
    public void Hessian_of_the_Rosenbrock_function()
    {
        // f(a, b) = (1 - a)² + 100 (b - a²)²
        static Tensor F(Tensor x)
        {
            var a = Sum(x * Tensor.From<double>(1, 0));
            var b = Sum(x * Tensor.From<double>(0, 1));
            return (1 - a).Square() + 100 * (b - a.Square()).Square();
        }
        var x = Tensor.From<double>(1.2, 0.7);
        double[] expected = [2 - 400 * (0.7 - 3 * 1.44), -480, -480, 200];
        double[] hessian = Autograd.Hessian(F, x).ToArray<double>();
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], hessian[i], 1e-9);
        double[] product = Autograd.Hvp(F, x, Tensor.From<double>(2, -1)).ToArray<double>();
        Assert.Equal(2 * expected[0] - expected[1], product[0], 1e-9);
        Assert.Equal(2 * expected[2] - expected[3], product[1], 1e-9);
        Assert.False(x.RequiresGrad);
    }

    [Fact]
    public void Vjp_and_Jvp_multiply_with_the_Jacobian()
    {
        static Tensor F(Tensor x) => (x.Sin() * x.T.Exp()).SumTo(new Shape(1, 3));
        var x = Sample.Values(3, 3);
        double[] j = Autograd.Jacobian(F, x).ToArray<double>();
        var u = Sample.Positive(1, 3);
        var v = Sample.Values(3, 3) + 0.3;
        double[] vjp = Autograd.Vjp(F, x, u).ToArray<double>(), jvp = Autograd.Jvp(F, x, v).ToArray<double>();
        double[] us = u.ToArray<double>(), vs = v.ToArray<double>();
        for (int i = 0; i < 9; i++) Assert.Equal(Enumerable.Range(0, 3).Sum(k => us[k] * j[k * 9 + i]), vjp[i], 1e-12);
        for (int k = 0; k < 3; k++) Assert.Equal(Enumerable.Range(0, 9).Sum(i => vs[i] * j[k * 9 + i]), jvp[k], 1e-12);
    }

    [Fact]
    public void Products_can_be_differentiated()
    {
        GradCheck.Run(x => Autograd.Vjp(t => t.Sin() * t, x[0], x[1], createGraph: true), Sample.Values(3), Sample.Positive(3));
        GradCheck.Run(x => Autograd.Jvp(t => t.Sin() * t, x[0], x[1], createGraph: true), Sample.Values(3), Sample.Positive(3));
        GradCheck.Run(x => Autograd.Hvp(t => Sum(t.Sin() * t), x[0], x[1], createGraph: true), Sample.Values(3), Sample.Positive(3));
    }

    [Fact]
    public void They_work_inside_NoGrad()
    {
        using var quiet = Autograd.NoGrad();
        Assert.Equal([2.0], Autograd.Hessian(x => Sum(x.Square()), Leaf(3)).ToArray<double>());
        Assert.Equal([6.0], Autograd.Jvp(x => x.Square(), Leaf(3), Leaf(1)).ToArray<double>());
        Assert.False(Autograd.IsEnabled);
    }

    [Fact]
    public void Hessian_over_several_parameters()
    {
        var (w, b, unused) = (Leaf(1, 2), Leaf(3), Leaf(4));
        Tensor Loss() => Sum(w.Square() * w) * b.SumTo(Shape.Scalar);
        var hessian = Autograd.Hessian(Loss, [w, b, unused]);
        Assert.Equal(new Shape(4, 4), hessian.Shape);
        Assert.Equal([18.0, 0, 3, 0, 0, 36, 12, 0, 3, 12, 0, 0, 0, 0, 0, 0], hessian.ToArray<double>());
        Assert.Null(w.Grad);

        var curvature = new Curvature(Loss, [w, b, unused]);
        Assert.Equal(27, curvature.Loss.Item<double>());
        Assert.Equal([9.0, 36], curvature.Gradient()[0].ToArray<double>());
        for (int repeat = 0; repeat < 3; repeat++)
        {
            var product = curvature.Multiply([Tensor.From<double>(1, -1), Tensor.From<double>(2), Tensor.From<double>(5)]);
            Assert.Equal([24.0, -12], product[0].ToArray<double>());
            Assert.Equal([-9.0], product[1].ToArray<double>());
            Assert.Equal([0.0], product[2].ToArray<double>());
        }
        Assert.Contains("part 1", Assert.Throws<ArgumentException>(() => curvature.Multiply([w, w, b])).Message, StringComparison.Ordinal);
        Assert.Contains("2 parts", Assert.Throws<ArgumentException>(() => curvature.Multiply([w, w])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hessians_in_a_scope_leave_nothing_behind()
    {
        var w = Leaf(1, 2, 3);
        Autograd.Hessian(() => Sum(w.Exp() * w), [w]);
        DeepNet.Memory.Reclaim();
        long before = DeepNet.Memory.LiveBytes;
        using (var scope = DeepNet.Memory.Scope())
            Autograd.Hessian(() => Sum(w.Exp() * w), [w]);
        Assert.Equal(before, DeepNet.Memory.LiveBytes);
    }
}
