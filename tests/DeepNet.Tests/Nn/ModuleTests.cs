using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

public class ModuleTests
{
    private sealed class Mlp : Module
    {
        public readonly Linear fc1 = new(4, 3), fc2 = new(3, 2);
        public override Tensor Forward(Tensor x) => fc2.Forward(fc1.Forward(x).Relu());
    }

    private sealed class Nest : Module
    {
        public readonly List<Module> blocks = [new Linear(2, 2), new BatchNorm1d(2)];
        public readonly Dictionary<string, Module> byName = new() { ["a"] = new Linear(1, 1, bias: false) };
        public readonly Parameter[] loose = [new(Tensor.Ones(2)), new(Tensor.Ones(3))];
        public readonly Parameter shared;
        public Nest() => shared = loose[0];
        public override Tensor Forward(Tensor x) => x;
    }

    [Fact]
    public void Names_are_those_of_fields_and_places()
    {
        Assert.Equal(["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"], new Mlp().NamedParameters().Select(p => p.Path));
        Assert.Equal(
            ["blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias", "blocks.1.running_mean", "blocks.1.running_var",
                "blocks.1.num_batches_tracked", "byName.a.weight", "loose.0", "loose.1"],
            new Nest().State().Keys);
        Assert.Equal(
            ["0.weight", "0.bias", "2.weight", "2.bias"], new Sequential(new Linear(1, 2), new Relu(), new Linear(2, 1)).State().Keys);
        Assert.Equal(
            ["in.weight", "out.weight"], new Sequential(("in", new Linear(1, 2, false)), ("out", new Linear(2, 1, false))).State().Keys);
    }

    [Fact]
    public void Recurrent_parameters_have_the_names_of_PyTorch()
    {
        var names = new Lstm(2, 3, bidirectional: true).State().Keys;
        Assert.Equal(
            ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse",
                "bias_ih_l0_reverse", "bias_hh_l0_reverse"], names);
        Assert.Equal(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], new MultiHeadAttention(4, 2).State().Keys);
    }

    [Fact]
    public void A_wrong_width_names_the_layer_and_both_numbers()
    {
        var model = new Mlp();
        model.Parameters();
        var error = Assert.Throws<LayerException>(() => model.Forward(Tensor.Zeros(64, 5)));
        Assert.Equal("fc1: [linear] expects (..., 4), got (64, 5): the last axis is 5 wide, not 4.", error.Message);
        Assert.Equal("fc1", error.Path);
        Assert.Null(Devices.ThreadContext.Current.ModulePath);
    }

    [Fact]
    public void Paths_are_known_without_asking_for_them_and_only_the_innermost_is_reported()
    {
        var model = new Sequential(("body", new Sequential(new Relu(), new Linear(3, 2))), ("head", new Linear(2, 1)));
        var error = Assert.Throws<LayerException>(() => model.Forward(Tensor.Zeros(2, 7)));
        Assert.StartsWith("body.1: [linear] expects (..., 3), got (2, 7)", error.Message);
        Assert.StartsWith("Linear(3, 2): [linear]", Assert.Throws<LayerException>(() => new Linear(3, 2).Forward(Tensor.Zeros(1))).Message);
    }

    [Fact]
    public void Hints_say_what_is_likely_wrong()
    {
        Assert.EndsWith(
            " Is a Flatten missing before it?",
            Assert.Throws<LayerException>(() => new Linear(784, 2).Forward(Tensor.Zeros(64, 28, 28))).Message);
        Assert.EndsWith(
            " Is the input transposed?", Assert.Throws<LayerException>(() => new Linear(5, 2).Forward(Tensor.Zeros(5, 3))).Message);
        Assert.Contains(
            "expects (N, 3, H, W), got (2, 4, 8, 8): axis 1 has 4 channels, not 3.",
            Assert.Throws<LayerException>(() => new Conv2d(3, 1, 3).Forward(Tensor.Zeros(2, 4, 8, 8))).Message);
        Assert.Contains(
            "one value for each channel", Assert.Throws<LayerException>(() => new BatchNorm1d(3).Forward(Tensor.Zeros(1, 3))).Message);
    }

    [Fact]
    public void Hooks_see_and_change_outputs_until_disposed()
    {
        var layer = new Relu();
        int calls = 0;
        var x = Tensor.From(-1f, 2f);
        using (layer.RegisterForwardPreHook((_, input) => calls += ReferenceEquals(input, x) ? 1 : 100))
        using (layer.RegisterForwardHook((_, _, y) => y * 10))
            Assert.Equal([0, 20], layer.Forward(x).ToArray());
        Assert.Equal([0, 2], layer.Forward(x).ToArray());
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Train_and_eval_reach_every_child()
    {
        var model = new Nest();
        model.Eval();
        Assert.All(model.Modules(), m => Assert.False(m.Module.IsTraining));
        model.Train();
        Assert.All(model.Modules(), m => Assert.True(m.Module.IsTraining));
    }

    [Fact]
    public void A_clone_has_parameters_of_its_own_and_keeps_what_is_shared()
    {
        var model = new Nest();
        model.blocks[0].Eval();
        var copy = Module.Clone(model);
        Assert.Equal(model.State().Keys, copy.State().Keys);
        foreach (var (name, tensor) in model.State())
        {
            Assert.NotSame(tensor.Storage, copy.State()[name].Storage);
            Assert.Equal(tensor.ToArray<double>(), copy.State()[name].ToArray<double>());
        }
        Assert.Same(copy.loose[0], copy.shared);
        Assert.NotSame(model.blocks, copy.blocks);
        Assert.False(copy.blocks[0].IsTraining);
        Assert.All(copy.Parameters(), p => Assert.True(p.RequiresGrad));

        var x = Tensor.Randn(new Shape(2, 3, 2), generator: new Generator(1));
        var lstm = new Lstm(2, 3, 2, bidirectional: true, generator: new Generator(2));
        var twin = Module.Clone(lstm);
        float[] before = lstm.Forward(x).ToArray();
        Assert.Equal(before, twin.Forward(x).ToArray());
        foreach (var p in twin.Parameters()) Init.Zeros(p);
        Assert.Equal(before, lstm.Forward(x).ToArray());
    }

    [Fact]
    public void Conversion_reaches_parameters_and_floating_buffers_and_keeps_the_holders()
    {
        var model = new Sequential(new Linear(2, 3), new BatchNorm1d(3));
        var parameters = model.Parameters();
        model.To(DType.Float64);
        Assert.Equal(parameters, model.Parameters());
        Assert.All(parameters, p => Assert.Equal(DType.Float64, p.Value.DType));
        Assert.Equal(DType.Int64, model.State()["1.num_batches_tracked"].DType);
        Assert.Equal(DType.Float64, model.State()["1.running_var"].DType);
        Assert.Equal(DType.Float64, model.Forward(Tensor.Zeros(new Shape(4, 2), DType.Float64)).DType);
    }

    [Fact]
    public void The_summary_counts()
    {
        var model = new Sequential(
            ("conv", new Conv2d(1, 4, 3)), ("act", new Relu()), ("flat", new Flatten()), ("fc", new Linear(4 * 6 * 6, 10)));
        string table = model.Summary(new Shape(2, 1, 8, 8));
        Assert.Contains("(2, 4, 6, 6)", table);
        Assert.EndsWith("input (2, 1, 8, 8): 1,490 parameters, 10,944 FLOPs", table);
        Assert.True(model.IsTraining);
        string[] lines = table.Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.Single(lines[..^1].Select(line => line.Length).Distinct());
    }

    [Fact]
    public void Anomalies_name_the_layer()
    {
        var model = new Sequential(("fc", new Linear(2, 2)), ("log", new Log()));
        Init.Constant(((Linear)model["fc"]).Weight, -1);
        using var detect = Anomaly.Detect();
        var error = Assert.Throws<AnomalyException>(() => model.Forward(Tensor.Ones(1, 2)));
        Assert.Equal("log", error.ModulePath);
    }

    private sealed class Log : Layer
    {
        protected override Tensor Compute(Tensor x) => x.Log();
    }
}
