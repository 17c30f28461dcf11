namespace DeepNet.Tests.Operators;

public sealed class ReductionErrorTests
{
    private static void Says<T>(string text, Func<object> action) where T : Exception
        => Assert.Contains(text, Assert.Throws<T>(action).Message);

    [Fact]
    public void Extremes_of_nothing()
    {
        Says<ArgumentException>("[max] of shape (0, 3): there is no max over no elements.", () => Tensor.Zeros(0, 3).Max(0));
        Says<ArgumentException>("[min] of shape (0,): there is no min over no elements.", () => Tensor.Zeros(0).Min());
        Says<ArgumentException>("[arg_max] of shape (2, 0): there is no arg_max over no elements.", () => Tensor.Zeros(2, 0).ArgMax(1));
    }

    [Fact]
    public void Fractions_of_integers()
    {
        Says<ArgumentException>("[mean] the tensor of shape (2,) is int32, and the result has a fraction. Convert first: "
            + "x.To(DType.Float32).Mean(...).", () => Tensor.From(1, 2).Mean());
        Says<ArgumentException>("is bool, and the result has a fraction", () => Tensor.From(true, false).Var());
        Says<ArgumentException>("[norm] the tensor of shape (2,) is int64", () => Tensor.From(1L, 2L).Norm());
    }

    [Fact]
    public void Axes_out_of_range_and_named_twice()
    {
        var x = Tensor.Zeros(2, 3);
        Says<ArgumentOutOfRangeException>("[sum] axis 2 of shape (2, 3): axes go from 0 to 1, or from -1 back to -2.", () => x.Sum(2));
        Says<ArgumentException>("[sum] axes [0, -2] of shape (2, 3): axis -2 is named twice.", () => x.Sum([0, -2]));
        Says<ArgumentOutOfRangeException>("[cum_sum] axis 0 of shape (): a scalar has no axes.",
            () => Tensor.Full(Shape.Scalar, 1).CumSum(0));
        Says<ArgumentException>("[norm] p is NaN.", () => x.Norm(double.NaN));
    }

    [Fact]
    public void An_empty_axis_is_named()
    {
        var x = Tensor.Zeros(0, 4);
        Says<ArgumentException>("[arg_max] of shape (0, 4): there is no arg_max over no elements. Axis 0 has length 0:", () => x.ArgMax());
        Says<ArgumentException>("name an axis that has elements: x.ArgMin(...).", () => x.ArgMin(0));
        Says<ArgumentException>("[max] of shape (0, 4, 0): there is no max over no elements. Axis 0, 2 has length 0:",
            () => Tensor.Zeros(0, 4, 0).Max());
        Assert.Equal(new Shape(0), x.ArgMax(1).Shape);
        Assert.Equal(new Shape(0), x.Min(-1).Shape);
    }
}
