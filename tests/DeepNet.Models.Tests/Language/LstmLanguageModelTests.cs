namespace DeepNet.Models.Tests.Language;

public class LstmLanguageModelTests
{
    private static readonly LstmLanguageConfig small = new(11, 6, 7, 2);

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new LstmLanguageModel(small);
        Golden.Check("lstm", model, x => [model.Forward(x[0])]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Learns(bool isTied)
    {
        var model = new LstmLanguageModel(small with { Dimension = isTied ? 7 : 6, IsTied = isTied, Dropout = 0.1 }, new Generator(1));
        var x = Tensor.RandInt(0, 11, new Shape(4, 8), generator: new Generator(2));
        Learning.ReachesAll(model, model.NextTokenLoss(x));
        Learning.Lowers(model, () => model.NextTokenLoss(x), steps: 60, rate: 2e-2);
    }

    [Fact]
    public void Goes_on_from_a_state()
    {
        var model = new LstmLanguageModel(small, new Generator(1));
        model.Eval();
        var x = Tensor.From(new long[,] { { 1, 2, 3, 4, 5 } });
        var (first, state) = model.Forward(x[.., ..2], null);
        var (rest, _) = model.Forward(x[.., 2..], state);
        Golden.Same(model.Forward(x), Tensor.Cat([first, rest], 1), "in two parts");
    }
}
