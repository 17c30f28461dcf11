using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class StateTests
{
    private static Sequential Make(ulong seed, int hidden = 3)
    {
        var random = new Generator(seed);
        return new(
            ("fc1", new Linear(2, hidden, generator: random)), ("norm", new BatchNorm1d(hidden)),
            ("fc2", new Linear(hidden, 1, generator: random)));
    }

    [Fact]
    public void A_state_is_taken_over_in_place()
    {
        var (from, to) = (Make(1), Make(2));
        from.Forward(Tensor.Randn(new Shape(5, 2), generator: new Generator(3)));
        var tensor = to.Parameters()[0].Value;
        Assert.True(to.LoadState(from.State()).IsEmpty);
        Assert.Same(tensor, to.Parameters()[0].Value);
        foreach (var (name, value) in from.State()) Assert.Equal(value.ToArray<double>(), to.State()[name].ToArray<double>());
        Assert.Equal(1, (long)to.State()["norm.num_batches_tracked"]);
    }

    [Fact]
    public void Strict_loading_lists_every_difference_and_changes_nothing()
    {
        var (from, to) = (Make(1, hidden: 4), Make(2));
        var state = from.State().Where(p => p.Key != "fc2.bias").Append(new("head.bias", Tensor.Zeros(3))).ToList();
        float[] before = to.State()["fc1.bias"].ToArray();
        var error = Assert.Throws<ArgumentException>(() => to.LoadState(state));
        Assert.Equal("""
            [load_state] the state is not one of this Sequential:
              missing: fc2.bias
              unexpected: head.bias
              another shape: fc1.weight is (3, 2) in the module and (4, 2) in the state
              another shape: fc1.bias is (3,) in the module and (4,) in the state
              another shape: norm.weight is (3,) in the module and (4,) in the state
              another shape: norm.bias is (3,) in the module and (4,) in the state
              another shape: norm.running_mean is (3,) in the module and (4,) in the state
              another shape: norm.running_var is (3,) in the module and (4,) in the state
              another shape: fc2.weight is (1, 3) in the module and (1, 4) in the state
            """.ReplaceLineEndings("\n"), error.Message);
        Assert.Equal(before, to.State()["fc1.bias"].ToArray());
    }

    [Fact]
    public void Lenient_loading_takes_what_fits()
    {
        var (from, to) = (Make(1), Make(2));
        var difference = to.LoadState(from.State().Where(p => p.Key.StartsWith("fc1", StringComparison.Ordinal)), strict: false);
        Assert.Equal(7, difference.Missing.Count);
        Assert.Empty(difference.Unexpected);
        Assert.Equal(from.State()["fc1.weight"].ToArray(), to.State()["fc1.weight"].ToArray());
        Assert.NotEqual(from.State()["fc2.weight"].ToArray(), to.State()["fc2.weight"].ToArray());
    }

    [Fact]
    public void Names_from_elsewhere_are_mapped_and_types_converted()
    {
        var (from, to) = (Make(1), Make(2));
        var foreign = from.State().ToDictionary(p => "model." + p.Key, p => p.Value.To(DType.Float64))
            .Append(new("model.extra", Tensor.Zeros(1)));
        Assert.True(to.LoadState(foreign, rename: name => name == "model.extra" ? null : name["model.".Length..]).IsEmpty);
        Assert.Equal(from.State()["fc1.weight"].ToArray(), to.State()["fc1.weight"].ToArray());
        Assert.Equal(DType.Float32, to.State()["fc1.weight"].DType);
    }

    [Fact]
    public void Files_keep_all()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            var (from, to) = (Make(1), Make(2));
            from.Save(path);
            to.Load(path);
            foreach (var (name, value) in from.State()) Assert.Equal(value.ToArray<double>(), to.State()[name].ToArray<double>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Tied : Module
    {
        public readonly Linear encoder = new(2, 2);
        public readonly Linear decoder;
        public Tied(bool isTied) => decoder = isTied ? encoder : new(2, 2);
        public override Tensor Forward(Tensor x) => decoder.Forward(encoder.Forward(x));
    }

    private static string Misfit(Module to, IEnumerable<KeyValuePair<string, Tensor>> state)
        => Assert.Throws<ArgumentException>(() => to.LoadState(state)).Message;

    [Fact]
    public void Weights_that_only_one_side_shares_are_reported()
    {
        Assert.Equal("""
            [load_state] the state is not one of this Tied:
              unexpected: decoder.weight
              unexpected: decoder.bias
            'decoder.weight' and 'encoder.weight' are one tensor in this module, which shares it, and two in the state.
            """.ReplaceLineEndings("\n")
            + " To load it nevertheless, leave one out: rename: name => name == \"decoder.weight\" ? null : name.",
            Misfit(new Tied(true), new Tied(false).State()));
        Assert.Equal("""
            [load_state] the state is not one of this Tied:
              missing: decoder.weight
              missing: decoder.bias
            If the model that was saved shared 'decoder.weight' with another, such as 'encoder.weight', its state has it once,
            """.ReplaceLineEndings("\n")
            + " under the first name. Share it here too, or load the state with strict: false and copy the values.",
            Misfit(new Tied(false), new Tied(true).State()));
    }

    [Fact]
    public void Names_that_differ_by_their_beginning_are_reported()
    {
        var (from, to) = (Make(1), Make(2));
        Assert.EndsWith("\nThe state has '_orig_mod.' in front of the names: "
            + "rename: name => name.StartsWith(\"_orig_mod.\") ? name[10..] : null.",
            Misfit(to, from.State().Select(p => KeyValuePair.Create("_orig_mod." + p.Key, p.Value)).Append(new("other", Tensor.Zeros(1)))));
        Assert.EndsWith("\nThe state lacks 'body.' in front of the names: rename: name => \"body.\" + name.",
            Misfit(new Sequential(("body", to)), from.State()));
    }

    [Fact]
    public void A_checkpoint_is_distinguished_from_a_file_of_weights()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ckpt");
        try
        {
            var (from, to) = (Make(1), Make(2));
            new DeepNet.IO.Checkpoint { Model = from }.Save(path);
            Assert.Equal($"[load_state] {path} is a checkpoint of a whole training run. Its models are loaded by "
                + "new Checkpoint { Model = model }.LoadModels(path), and a run goes on by Load(path).",
                Assert.Throws<ArgumentException>(() => to.Load(path)).Message);
            new DeepNet.IO.Checkpoint { Model = to }.LoadModels(path);
            Assert.Equal(from.State()["fc1.weight"].ToArray(), to.State()["fc1.weight"].ToArray());
            Assert.True(Make(3).Load(path, rename: name => name.StartsWith("model/", StringComparison.Ordinal) ? name[6..] : null).IsEmpty);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Half_types_have_no_gradient_and_conversion_back_brings_it_again()
    {
        var layer = new Linear(2, 1);
        layer.Bias!.RequiresGrad = false;
        layer.To(DType.Float16);
        var error = Assert.Throws<InvalidOperationException>(
            () => layer.Forward(Tensor.Ones(new Shape(3, 2), DType.Float16)).Sum().Backward());
        Assert.Contains("Parameters of float16 and bfloat16 have no gradient: train with float32 parameters, under Autocast for speed.",
            error.Message);
        Assert.Contains("this one is float16", Assert.Throws<InvalidOperationException>(layer.Unfreeze).Message);
        foreach (var twin in new[] { layer, Module.Clone(layer) })
        {
            twin.To(DType.Float32);
            Assert.True(twin.Weight.RequiresGrad);
            Assert.False(twin.Bias!.RequiresGrad);
            twin.Forward(Tensor.Ones(3, 2)).Sum().Backward();
            Assert.Equal([3, 3], twin.Weight.Grad!.ToArray());
        }
    }
}
