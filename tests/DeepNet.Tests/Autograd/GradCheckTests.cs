using DeepNet.Ops;

namespace DeepNet.Tests;

/// <summary>Tests of the gradient check itself: it has to pass what is right and to find what is wrong.</summary>
public class GradCheckTests
{
    [Fact]
    public void Passes_right_derivatives()
    {
        GradCheck.Run(x => x[0] * x[1].Exp(), Sample.Values(2, 3), Sample.Values(3));
        GradCheck.SecondOrder(x => x[0] * x[1].Exp(), Sample.Values(2, 3), Sample.Values(3));
        GradCheck.Run(x => x[0].Sin(), Sample.Values());
        GradCheck.Run(x => x[0].Sin(), Sample.Values(0, 2));
        GradCheck.Run(_ => Sample.Values(2), Sample.Values(3));
    }

    [Fact]
    public void Other_inputs_are_passed_on()
        => GradCheck.Run(x => Tensor.Where(x[1], x[0], -x[0]), Sample.Values(4), Sample.Values(4) > 0);

    [Fact]
    public void Names_the_wrong_element()
    {
        var error = Assert.Throws<GradCheckException>(() => GradCheck.Run(
            x => x[0] * new Wrong().Apply(x[1]), Sample.Values(2, 2), Tensor.From<double>([1, 2, 3, 4], new Shape(2, 2))));
        Assert.Equal(1, error.Input);
        Assert.Equal(2, error.Element);
        Assert.Equal(2, error.Analytic / error.Numeric, 1e-6);
        Assert.Contains("element [1, 0] of input 1 (shape (2, 2))", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_first_derivative_that_cannot_be_differentiated()
    {
        GradCheck.Run(x => new Unrecorded().Apply(x[0]), Sample.Values(2));
        var error = Assert.Throws<GradCheckException>(() => GradCheck.SecondOrder(x => new Unrecorded().Apply(x[0]), Sample.Values(2)));
        Assert.Equal(0, error.Input);
        Assert.Equal(0, error.Analytic);
    }

    [Fact]
    public void Finds_NaN()
        => Assert.Throws<GradCheckException>(() => GradCheck.Run(x => x[0].Sqrt() * 0, Tensor.From<double>(0)));

    [Fact]
    public void Rejects_float32()
    {
        Assert.Contains(
            "input 1 is float32",
            Assert.Throws<ArgumentException>(() => GradCheck.Run(x => x[0] * x[1], Sample.Values(2), Tensor.Ones(2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "float32 tensor from float64",
            Assert.Throws<ArgumentException>(() => GradCheck.Run(x => x[0].To(DType.Float32), Sample.Values(2))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_functions_that_do_not_repeat_themselves()
    {
        int calls = 0;
        Assert.Contains(
            "deterministic", Assert.Throws<GradCheckException>(() => GradCheck.Run(x => x[0] + ++calls, Sample.Values(2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "deterministic",
            Assert.Throws<GradCheckException>(() => GradCheck.Run(
                x => ++calls % 2 == 0 ? x[0] : x[0].SumTo(Shape.Scalar), Sample.Values(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tolerances_can_be_set()
    {
        static Tensor F(Tensor[] x) => x[0].Exp() * 3;
        var strict = new GradCheckOptions(Step: 1e-3, AbsoluteTolerance: 1e-12, RelativeTolerance: 1e-12);
        Assert.Throws<GradCheckException>(() => GradCheck.Run(F, strict, Sample.Values(2)));
        GradCheck.Run(F, strict with { RelativeTolerance = 1e-5 }, Sample.Values(2));
    }

    // Twice the derivative, for the third element only.
    private sealed class Wrong : Operator
    {
        public override string Name => "wrong";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs) => inputs[0] * 1;
        protected override void Vjp(Tensor g) => Give(0, g * Tensor.From<double>([1, 1, 2, 1], new Shape(2, 2)));
    }

    private sealed class Unrecorded : Operator
    {
        public override string Name => "unrecorded";
        protected override Tensor Forward(ReadOnlySpan<Tensor> inputs)
        {
            Save(0, inputs[0]);
            return inputs[0].Square();
        }
        protected override void Vjp(Tensor g) => Give(0, g * 2 * Saved(0).Detach());
    }
}
