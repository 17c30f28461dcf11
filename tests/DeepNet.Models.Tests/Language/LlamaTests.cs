namespace DeepNet.Models.Tests.Language;

public class LlamaTests
{
    private static readonly LlamaConfig small = new(13, 64, 16, 2, 4, 2, 24);

    [Fact]
    public void Computes_what_the_reference_does()
    {
        var model = new Llama(small);
        Golden.Check("llama", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Scaled_positions_are_those_of_the_reference()
    {
        var model = new Llama(small with { Scaling = new(8, 1, 4, 32) });
        Golden.Check("llama_scaled", model, x => [model.Forward(x[0])]);
    }

    [Fact]
    public void Learns()
    {
        var model = new Llama(small with { IsTied = true }, new Generator(1));
        var x = Tensor.RandInt(0, 13, new Shape(4, 12), generator: new Generator(2));
        Learning.ReachesAll(model, model.NextTokenLoss(x));
        Learning.Lowers(model, () => model.NextTokenLoss(x), steps: 40);
    }

    [Fact]
    public void Folder_holds_configuration_and_weights()
    {
        using var folder = new TemporaryFolder();
        var model = new Llama(small with { HeadWidth = 6, RotaryBase = 500, Scaling = new(4), NormEpsilon = 1e-6 }, new Generator(1));
        model.SavePretrained(folder.Path);
        var copy = Llama.FromPretrained(folder.Path);
        Assert.Equal(model.Config, copy.Config);
        var x = Tensor.From(new long[,] { { 1, 2, 3 } });
        Assert.True(model.Forward(x).ArrayEqual(copy.Forward(x)));
    }

    [Theory]
    [InlineData("""{"model_type":"llama","rope_parameters":{"rope_theta":500000.0,"rope_type":"llama3","factor":32.0}}""", 500000, 32.0)]
    [InlineData("""{"model_type":"llama","rope_theta":7.0,"rope_scaling":{"type":"llama3","factor":2.0}}""", 7, 2.0)]
    [InlineData("""{"model_type":"llama","rope_scaling":null}""", 10000, null)]
    [InlineData("""{"model_type":"llama","rope_parameters":{"rope_theta":9.0,"rope_type":"default"}}""", 9, null)]
    public void Positions_are_read_as_old_and_new_files_have_them(string json, double rotaryBase, double? factor)
    {
        using var folder = new TemporaryFolder();
        const string rest = """{"hidden_size":8,"num_attention_heads":2,"vocab_size":5,"num_hidden_layers":1,"intermediate_size":4,""";
        File.WriteAllText(folder.File("config.json"), rest + json[1..]);
        var config = LlamaConfig.Load(folder.Path);
        Assert.Equal((rotaryBase, factor, 2), (config.RotaryBase, config.Scaling?.Factor, config.KeyValueHeads));
    }
}
