using DeepNet.Nn;

namespace DeepNet.Analysis.Tests.Curvature;

public class SharpnessTests
{
    [Fact]
    public void Of_a_quadratic()
    {
        var objective = Problems.Quadratic(Problems.Diagonal(1, 4, 9), [0, 0, 2]);
        Assert.Equal(9, Sharpness.Largest(objective), 1e-10);
        Assert.Equal(9 * 4, Sharpness.Relative(objective), 1e-9);
        // Along the steepest axis from 2 to 2.1: 4.5 (2.1² − 2²).
        Assert.Equal(4.5 * (2.1 * 2.1 - 4), Sharpness.Within(objective, radius: 0.1), 1e-10);
    }

    [Fact]
    public void At_a_minimum_the_step_goes_along_the_steepest_curvature()
    {
        var objective = Problems.Quadratic(Problems.Diagonal(1, 4, 9));
        Assert.Equal(4.5 * 0.01, Sharpness.Within(objective, radius: 0.1, steps: 3), 1e-9);
    }

    [Fact]
    public void Further_steps_find_more_than_the_first()
    {
        var (_, objective) = Problems.Network(10, DType.Float64);
        double one = Sharpness.Within(objective, 1, steps: 1), many = Sharpness.Within(objective, 1, steps: 10);
        Assert.True(many > one * 1.001, $"{many} after ten steps, {one} after one");
    }

    [Fact]
    public void Rescaling_a_relu_network_changes_the_eigenvalue_and_not_the_relative_rise()
    {
        var generator = new Generator(1);
        Linear first = new(3, 8, bias: false, generator: generator), second = new(8, 1, bias: false, generator: generator);
        first.To(DType.Float64);
        second.To(DType.Float64);
        var x = Tensor.Randn(new Shape(20, 3), DType.Float64, generator: generator);
        var objective = new Objective(
            () => second.Forward(first.Forward(x).Relu()).Square().Mean(), first.Parameters().Concat(second.Parameters()));
        double before = Sharpness.Largest(objective), rise = Sharpness.Within(objective, 0.1, relative: true);
        using (Autograd.NoGrad())
        {
            first.Weight.Value.CopyFrom(first.Weight.Value * 4);
            second.Weight.Value.CopyFrom(second.Weight.Value / 4);
        }
        Assert.InRange(Sharpness.Largest(objective) / before, 3, 1e3);
        Assert.Equal(rise, Sharpness.Within(objective, 0.1, relative: true), 1e-12);
    }

    [Fact]
    public void Parameters_come_back_bit_for_bit()
    {
        var (_, objective) = Problems.Network(5);
        var before = objective.Position;
        Sharpness.Within(objective, 0.5, steps: 4);
        Assert.Equal(before, objective.Position);
    }

    [Fact]
    public void A_radius_must_be_positive()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Sharpness.Within(Problems.Quadratic(Problems.Diagonal(1)), 0));
}
