using DeepNet.Nn;

namespace DeepNet.Analysis.Tests;

public class ObjectiveTests
{
    [Fact]
    public void Value_gradient_and_products_of_a_quadratic()
    {
        var objective = Problems.Quadratic(new double[,] { { 2, 1 }, { 1, 3 } }, [1, -1]);
        var (value, gradient) = objective.Evaluate();
        Assert.Equal(1.5, value, 1e-15);
        Assert.Equal([1, -2], gradient);
        Assert.Equal([4, 7], objective.Hessian().Multiply([1, 2]));
        Assert.Equal(1.5, objective.Value(), 1e-15);
    }

    [Fact]
    public void Tiny_and_huge_vectors_multiply_as_others_do_in_float32()
    {
        var hessian = Problems.Quadratic(Problems.Diagonal(2, 3), [1, 1], DType.Float32).Hessian();
        Assert.Equal(2e-60, hessian.Multiply([1e-60, 0])[0], 1e-66);
        Assert.Equal(3e60, hessian.Multiply([0, 1e60])[1], 1e54);
        Assert.Equal([0, 0], hessian.Multiply([0, 0]));
        Assert.Throws<ArgumentException>(() => hessian.Multiply([double.NaN, 0]));
    }

    [Fact]
    public void Frozen_parameters_are_constants()
    {
        var model = new Sequential(new Linear(2, 3), new Linear(3, 1));
        model[0].Freeze();
        Assert.Equal(4, new Objective(() => model.Forward(Tensor.Ones(1, 2)).Sum(), model).Size);
    }

    [Fact]
    public void A_model_that_moves_to_another_element_type_takes_its_objective_along()
    {
        var (model, objective) = Problems.Network(3);
        model.To(DType.Float64);
        Assert.All(objective.Parameters, p => Assert.Equal(DType.Float64, p.DType));
    }

    [Fact]
    public void Gradients_held_by_parameters_do_not_change_and_no_memory_stays()
    {
        var (model, objective) = Problems.Network(5);
        objective.Gradient();
        long before = Live();
        for (int i = 0; i < 5; i++) objective.Gradient();
        Assert.Equal(before, Live());
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
    }

    // What earlier tests left to the collector goes first, or it may go in between.
    private static long Live()
    {
        Memory.Reclaim();
        return Memory.LiveBytes;
    }

    [Fact]
    public void Inside_no_grad_it_still_differentiates()
    {
        var objective = Problems.Quadratic(Problems.Diagonal(2), [3]);
        using var quiet = Autograd.NoGrad();
        Assert.Equal([6], objective.Gradient());
        Assert.Equal(2, HessianSpectrum.Full(objective).Values[0]);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var w = Tensor.From(1.0, 2.0).WithGrad();
        Assert.Contains(
            "WithGrad", Assert.Throws<ArgumentException>(() => new Objective(() => w.Sum(), Tensor.Ones(2))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "frozen", Assert.Throws<ArgumentException>(() => new Objective(() => w.Sum(), new List<Parameter>())).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "(2,)", Assert.Throws<InvalidOperationException>(() => new Objective(() => w * 2, w).Value()).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "another model", Assert.Throws<ArgumentException>(() => new Objective(() => w.Sum(), w).Position = [1]).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new Objective(null!, w));
    }
}
