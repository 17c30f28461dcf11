using DeepNet.Nn;

namespace DeepNet.Models.Tests.Language;

public class BertTests
{
    private static readonly BertConfig small = new(13, 16, 2, 4, 32) { ContextLength = 10 };

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new Bert(small);
        Golden.Check("bert", model, x =>
        {
            var attends = x[1].NotEqual(0);
            var steps = model.Forward(x[0], attends);
            return [steps, model.Encode(x[0], attends), model.Pool(steps, attends, Pooling.Pooler)];
        });
    }

    [Fact]
    public void Padding_changes_no_vector()
    {
        var model = new Bert(small, new Generator(1));
        model.Eval();
        var alone = model.Encode(Tensor.From(new long[,] { { 5, 6, 7 } }));
        var padded = model.Encode(
            Tensor.From(new long[,] { { 5, 6, 7, 0, 0 } }), Tensor.From(new[,] { { true, true, true, false, false } }));
        Golden.Same(alone, padded, "padded");
        Assert.Equal(1, alone.Norm().Item<float>(), 1e-5);
    }

    [Fact]
    public void Learns()
    {
        var model = new Bert(small, new Generator(1));
        var x = Tensor.RandInt(0, 13, new Shape(4, 6), generator: new Generator(2));
        var wanted = Tensor.Randn(new Shape(4, 16), generator: new Generator(3));
        Tensor Cost() => Loss.Mse(model.Encode(x, pooling: Pooling.Pooler, normalize: false), wanted);
        Learning.ReachesAll(model, Cost());
        Learning.Lowers(model, Cost, steps: 40);
    }

    [Fact]
    public void Folder_holds_configuration_and_weights()
    {
        using var folder = new TemporaryFolder();
        var model = new Bert(small with { SegmentKinds = 3 }, new Generator(1));
        model.SavePretrained(folder.Path);
        var copy = Bert.FromPretrained(folder.Path);
        Assert.Equal(model.Config, copy.Config);
        model.Eval();
        copy.Eval();
        var x = Tensor.From(new long[,] { { 1, 2, 3 } });
        Assert.True(model.Encode(x).ArrayEqual(copy.Encode(x)));
    }
}
