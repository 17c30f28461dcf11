using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class EnsembleTests
{
    private static Linear Constant(float weight)
    {
        var linear = new Linear(1, 1, bias: false);
        Init.Constant(linear.Weight, weight);
        return linear;
    }

    [Fact]
    public void Answers_with_the_mean_of_its_members()
    {
        var together = new Ensemble([Constant(1), Constant(2), Constant(6)]);
        var x = Tensor.From<float>([1, 2], new Shape(2, 1));
        Assert.Equal([3f, 6f], together.Forward(x).ToArray());
        Assert.Equal(41 / 3f, new Ensemble(together.Members, y => y.Square()).Forward(x)[0].Item(), 1e-5f);
        Assert.Equal("Ensemble(3)", together.Description);
    }

    [Fact]
    public void Finds_parameters_and_modes_of_its_members()
    {
        var together = new Ensemble([Constant(1), new Sequential(new Dropout(), Constant(2))]);
        Assert.Equal(2, together.ParameterCount);
        Assert.All(together.NamedParameters(), p => Assert.StartsWith("members.", p.Path, StringComparison.Ordinal));
        together.Eval();
        Assert.All(together.Members, m => Assert.False(m.IsTraining));
    }

    [Fact]
    public void Learns_through_the_mean()
    {
        var together = new Ensemble([Constant(1), Constant(2)]);
        together.Forward(Tensor.Ones(1, 1)).Sum().Backward();
        Assert.All(together.Parameters(), p => Assert.Equal(0.5f, p.Grad!.Item()));
    }

    [Fact]
    public void Says_what_is_wrong_with_its_members()
    {
        Assert.Contains("no members", Assert.Throws<ArgumentException>(() => new Ensemble([])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "member 1 is null", Assert.Throws<ArgumentException>(() => new Ensemble([Constant(1), null!])).Message,
            StringComparison.Ordinal);
        var uneven = new Ensemble([Constant(1), new Linear(1, 2)]);
        Assert.Contains(
            "member 1 answers (3, 2)", Assert.Throws<LayerException>(() => uneven.Forward(Tensor.Ones(3, 1))).Message,
            StringComparison.Ordinal);
    }
}
