using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class StateTests
{
    private static Sequential Make(ulong seed, int hidden = 3)
    {
        var random = new Generator(seed);
        return new(("fc1", new Linear(2, hidden, generator: random)), ("norm", new BatchNorm1d(hidden)), ("fc2", new Linear(hidden, 1, generator: random)));
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
        var foreign = from.State().ToDictionary(p => "model." + p.Key, p => p.Value.To(DType.Float64)).Append(new("model.extra", Tensor.Zeros(1)));
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
}
