using DeepNet.Nn;
using DeepNet.Tests.Operators;

namespace DeepNet.Tests.Nn;

/// <summary>Activations of linear layers and convolutions: every one with every kind of layer, against the layers apart.</summary>
public class ActivationTests
{
    private readonly struct SquaredRelu : Ops.IUnaryOp<SquaredRelu>
    {
        public V Forward<V>(V x) where V : INumber<V> => V.Max(V.Constant(0), x) * V.Max(V.Constant(0), x);
    }

    /// <summary>Every activation that the library has, and one of one's own.</summary>
    private static readonly Activation[] all =
    [
        .. typeof(Activation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Activation)))
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => (Activation)t.GetConstructors()[0].Invoke(
                [.. t.GetConstructors()[0].GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : 0.25)])),
        new(Formula.Of(new SquaredRelu())),
    ];

    // Layers that are computed by each of the processor's algorithms, and one row, one column, many terms, and no rows at all.
    private static readonly (string Name, int[] Input, Func<Activation?, Module> Make)[] layers =
    [
        ("linear", [5, 7], a => new Linear(7, 6, generator: new(1), activation: a)),
        ("linear, no bias", [3, 2, 4], a => new Linear(4, 5, bias: false, generator: new(1), activation: a)),
        ("linear, a vector", [6], a => new Linear(6, 3, generator: new(1), activation: a)),
        ("linear, one row", [1, 33], a => new Linear(33, 19, generator: new(1), activation: a)),
        ("linear, one column", [9, 4], a => new Linear(4, 1, generator: new(1), activation: a)),
        ("linear, in parts", [3, 1100], a => new Linear(1100, 35, generator: new(1), activation: a)),
        ("linear, many rows", [203, 5], a => new Linear(5, 65, generator: new(1), activation: a)),
        ("linear, empty", [0, 4], a => new Linear(4, 3, generator: new(1), activation: a)),
        ("winograd", [2, 12, 6, 7], a => new Conv2d(12, 16, 3, padding: 1, generator: new(1), activation: a)),
        ("winograd, odd", [1, 13, 5, 9], a => new Conv2d(13, 17, 3, generator: new(1), activation: a)),
        ("pixels", [2, 3, 7, 6], a => new Conv2d(3, 8, 3, 2, 1, generator: new(1), activation: a)),
        ("depthwise", [2, 5, 6, 6], a => new Conv2d(5, 5, 3, groups: 5, generator: new(1), activation: a)),
        ("depthwise pixels", [2, 8, 6, 6], a => new Conv2d(8, 8, 3, groups: 8, generator: new(1), activation: a)),
        ("pointwise", [2, 4, 5, 5], a => new Conv2d(4, 7, 1, bias: false, generator: new(1), activation: a)),
        ("planes", [2, 4, 5, 6], a => new Conv2d(4, 6, 3, groups: 2, generator: new(1), activation: a)),
        ("one image", [3, 5, 5], a => new Conv2d(3, 4, 2, generator: new(1), activation: a)),
        ("no images", [0, 3, 5, 5], a => new Conv2d(3, 4, 2, generator: new(1), activation: a)),
        ("one axis", [2, 3, 9], a => new Conv1d(3, 4, 3, generator: new(1), activation: a)),
        ("separable", [2, 3, 6, 6], a => new SeparableConv2d(3, 4, 3, generator: new(1), activation: a)),
    ];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (name, _, _) in layers)
                foreach (var activation in all) pairs.Add(name, activation.ToString());
            return pairs;
        }
    }

    private static (Activation Activation, int[] Input, Func<Activation?, Module> Make) Find(string layer, string activation)
    {
        var (_, input, make) = layers.Single(l => l.Name == layer);
        return (all.Single(a => a.ToString() == activation), input, make);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_bits_are_those_of_the_layers_apart(string layer, string name)
    {
        var (activation, input, make) = Find(layer, name);
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            Module fused = make(activation), plain = make(null);
            fused.To(dtype);
            plain.To(dtype);
            var x = Tensor.Randn(new Shape(input), dtype, generator: new(2));
            var upstream = Tensor.Randn(plain.Forward(x).Shape, dtype, generator: new(3));
            var (y, gradients) = Run(fused, fused.Forward);
            var (expected, expectedGradients) = Run(plain, t => activation.Forward(plain.Forward(t)));
            Assert.Equal(Bits(expected), Bits(y));
            foreach (var (one, other) in expectedGradients.Zip(gradients)) Assert.Equal(Bits(one), Bits(other));
            using (Autograd.NoGrad()) Assert.Equal(Bits(expected), Bits(fused.Forward(x)));

            (Tensor, Tensor[]) Run(Module module, Func<Tensor, Tensor> forward)
            {
                module.ZeroGrad();
                var leaf = x.Detach().WithGrad();
                var result = forward(leaf);
                result.Backward(upstream);
                return (result.Detach(), [leaf.Grad!, .. module.Parameters().Select(p => p.Grad!)]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Half_types_are_rounded_where_nothing_is_lost_by_it(string layer, string name)
    {
        var (activation, input, make) = Find(layer, name);
        foreach (var dtype in new[] { DType.Float16, DType.BFloat16 })
        {
            Module fused = make(activation), plain = make(null);
            fused.To(dtype);
            plain.To(dtype);
            var x = Tensor.Randn(new Shape(input), generator: new(2)).To(dtype);
            var y = fused.Forward(x);
            var apart = activation.Forward(plain.Forward(x));
            Assert.Equal(apart.DType, y.DType);
            plain.To(DType.Float32);
            var exact = activation.Forward(plain.Forward(x.To(DType.Float32)));
            double largest = y.Count == 0 ? 1 : Math.Max(1, exact.Abs().Max().Item<double>());
            double half = largest / (dtype == DType.Float16 ? 2048 : 256), error = Distance(exact, y), other = Distance(exact, apart);
            Assert.True(error <= Math.Max(half, other), $"off by {error}, the layers apart by {other}");
        }

        static double Distance(Tensor a, Tensor b)
            => a.Count == 0 ? 0 : (a.To(DType.Float64) - b.To(DType.Float64)).Abs().Max().Item<double>();
    }

    public static TheoryData<string> Names => [.. all.Select(a => a.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_first_and_second_order(string name)
    {
        var activation = all.Single(a => a.ToString() == name);
        Check(t => t[0].Affine(t[1], t[2], true, activation), Values(2, 3), Values(3, 3), Values(3));
        Check(t => t[0].Affine(t[1], activation: activation), Values(2, 2, 2), Values(2, 2));
        Check(t => t[0].Conv2d(t[1], t[2], activation: activation), Values(1, 1, 3, 3), Values(8, 1, 2, 2), Values(8));
        Check(t => t[0].Conv2d(t[1], padding: 1, activation: activation), Values(1, 2, 2, 2), Values(3, 2, 2, 2));
        Check(t => t[0].Conv1d(t[1], t[2], activation: activation), Values(1, 2, 4), Values(2, 2, 2), Values(2));

        static Tensor Values(params int[] shape) => Probe.Random(shape.Sum(), shape).Detach().WithGrad();

        static void Check(Func<Tensor[], Tensor> f, params Tensor[] inputs)
        {
            GradCheck.Run(f, inputs);
            GradCheck.SecondOrder(f, inputs);
        }
    }

    [Fact]
    public void A_formula_can_be_given_to_functions()
    {
        Tensor x = Tensor.Randn(new Shape(4, 3), generator: new(1)), w = Tensor.Randn(new Shape(3, 5), generator: new(2));
        Assert.Equal(x.MatMul(w).Tanh().ToArray(), x.Affine(w, activation: new Tanh()).ToArray());
        Assert.Equal(x.MatMul(w).Apply(new SquaredRelu()).ToArray(), x.Affine(w, activation: Formula.Of(new SquaredRelu())).ToArray());
        Assert.Equal("squared_relu", Formula.Of(new SquaredRelu()).Name);
        Assert.Throws<ArgumentNullException>(() => new Activation(null!));
    }

    [Fact]
    public void A_formula_that_is_a_test_gives_bools()
    {
        var y = Tensor.From<float>([1, float.NaN], new Shape(2, 1)).Affine(Tensor.Ones(1, 1), activation: Formula.Of(new Ops.IsNan()));
        Assert.Equal([false, true], y.ToArray<bool>());
    }

    [Fact]
    public void Hooks_see_the_activation_and_what_is_in_front_of_it()
    {
        var activation = new Relu();
        var linear = new Linear(6, 5, generator: new(1), activation: activation);
        var x = Tensor.Randn(new Shape(3, 6), generator: new(2));
        float[] expected = linear.Forward(x).ToArray();
        Assert.Contains(0f, expected);
        float[]? before = null, after = null, outer = null;
        using (linear.RegisterForwardHook((_, _, y) => { outer = y.ToArray(); return null; }))
        using (activation.RegisterForwardPreHook((_, y) => before = y.ToArray()))
        using (activation.RegisterForwardHook((_, _, y) => { after = y.ToArray(); return null; }))
            Assert.Equal(expected, linear.Forward(x).ToArray());
        Assert.Equal(expected, after);
        Assert.Equal(expected, outer);
        Assert.True(before!.Min() < 0);
        before = null;
        Assert.Equal(expected, linear.Forward(x).ToArray());
        Assert.Null(before);
    }

    [Fact]
    public void Anomaly_detection_names_the_operator()
    {
        var linear = new Linear(2, 2, activation: new Activation(Formula.Of(new Ops.Log())));
        using var detect = Anomaly.Detect();
        var x = Tensor.Full(new Shape(1, 2), -1e3) * linear.Weight.Value[0, 0].Sign();
        linear.Weight.Value.Detach()[0, 1] = 0;
        var e = Assert.Throws<AnomalyException>(() => linear.Forward(x));
        Assert.Contains("log", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_activation_changes_no_names_and_is_copied_along()
    {
        var model = new Sequential(new Linear(4, 3, activation: new LeakyRelu(0.2)), new Conv1d(1, 2, 1, activation: new Gelu()));
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], model.State().Keys);
        Assert.Equal(["", "0", "0.activation", "1", "1.activation"], model.Modules().Select(m => m.Path));
        var copy = Module.Clone(model);
        Assert.NotSame(((Linear)model[0]).Activation, ((Linear)copy[0]).Activation);
        Assert.Same(((Linear)model[0]).Activation!.Formula, ((Linear)copy[0]).Activation!.Formula);
        var x = Tensor.Randn(new Shape(2, 4), generator: new(2));
        Assert.Equal(model[0].Forward(x).ToArray(), copy[0].Forward(x).ToArray());
        Assert.Equal("Linear(4, 3, activation: LeakyRelu)", model[0].ToString());
        Assert.Equal("Conv1d(1, 2, kernel: 1, activation: Gelu)", model[1].ToString());
        string summary = new Sequential(new Linear(4, 3, activation: new Relu())).Summary(new Shape(2, 4));
        Assert.Contains("0.activation  Relu", summary, StringComparison.Ordinal);
    }

    private static IEnumerable<long> Bits(Tensor x) => x.To(DType.Float64).ToArray<double>().Select(BitConverter.DoubleToInt64Bits);
}
