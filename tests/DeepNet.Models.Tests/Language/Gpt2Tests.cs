namespace DeepNet.Models.Tests.Language;

public class Gpt2Tests
{
    private static readonly Gpt2Config small = new(13, 12, 16, 2, 2);

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new Gpt2(small);
        Golden.Check("gpt2", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Learns()
    {
        var model = new Gpt2(small with { Dropout = 0.1 }, new Generator(1));
        var x = Tensor.RandInt(0, 13, new Shape(4, 12), generator: new Generator(2));
        Assert.Equal(new Shape(4, 12, 13), model.Forward(x).Shape);
        Assert.Equal(Math.Log(13), model.NextTokenLoss(x).Item<float>(), 0.1);      // it knows nothing at first
        Learning.ReachesAll(model, model.NextTokenLoss(x));
        Learning.Lowers(model, () => model.NextTokenLoss(x), steps: 40);
    }

    [Fact]
    public void Sees_no_later_tokens()
    {
        var model = new Gpt2(small, new Generator(1));
        model.Eval();
        Tensor a = Tensor.From(new long[,] { { 1, 2, 3, 4 } }), b = Tensor.From(new long[,] { { 1, 2, 3, 9 } });
        Assert.True(model.Forward(a)[.., ..3].ArrayEqual(model.Forward(b)[.., ..3]));
        Assert.False(model.Forward(a).ArrayEqual(model.Forward(b)));
    }

    [Fact]
    public void Folder_holds_configuration_and_weights()
    {
        using var folder = new TemporaryFolder();
        var model = new Gpt2(small with { FeedForward = 24, NormEpsilon = 1e-6 }, new Generator(1));
        model.SavePretrained(folder.Path);
        var copy = Gpt2.FromPretrained(folder.Path);
        Assert.Equal(model.Config, copy.Config);
        model.Eval();
        copy.Eval();
        var x = Tensor.From(new long[,] { { 1, 2, 3 } });
        Assert.True(model.Forward(x).ArrayEqual(copy.Forward(x)));
    }

    [Fact]
    public void Hooks_of_blocks_see_what_goes_through_them()
    {
        var model = new Gpt2(small, new Generator(1));
        var seen = new List<string>();
        foreach (var (path, module) in model.Modules())
            if (path.Split('.') is ["transformer", "h", _])
                ((Nn.Layer)module).RegisterForwardHook((layer, x, y) =>
                {
                    seen.Add($"{layer.Path} {x.Shape} {y.Shape}");
                    return null;
                });
        model.Forward(Tensor.From(new long[,] { { 1, 2, 3 } }));
        Assert.Equal(["transformer.h.0 (1, 3, 16) (1, 3, 16)", "transformer.h.1 (1, 3, 16) (1, 3, 16)"], seen);
    }

    [Fact]
    public void Heads_share_features_evenly()
    {
        var error = Assert.Throws<ArgumentException>(() => new Gpt2(small with { Heads = 3 }));
        Assert.Equal("[gpt2] 16 features cannot be shared evenly by 3 heads.", error.Message);
    }

    [Fact]
    public void Longer_sequences_than_the_context_are_refused()
    {
        var model = new Gpt2(small);
        var error = Assert.Throws<Nn.LayerException>(() => model.Forward(Tensor.Zeros(new Shape(1, 13), DType.Int64)));
        Assert.Contains("expects (batch, up to 12 steps) of tokens, got (1, 13)", error.Message, StringComparison.Ordinal);
    }
}
