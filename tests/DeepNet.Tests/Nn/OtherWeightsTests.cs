using DeepNet.Nn;

namespace DeepNet.Tests.Nn;

/// <summary>Modules called with other tensors than their own.</summary>
public class OtherWeightsTests
{
    private sealed class Mlp : Module
    {
        private readonly Linear fc1, fc2;

        public Mlp(ulong seed = 1)
        {
            var generator = new Generator(seed);
            (fc1, fc2) = (new Linear(2, 4, generator: generator), new Linear(4, 1, generator: generator));
        }

        public bool IsCheckpointed { get; set; }

        public override Tensor Forward(Tensor x)
            => IsCheckpointed ? Autograd.Checkpoint(h => fc2.Forward(fc1.Forward(h).Tanh()), x) : fc2.Forward(fc1.Forward(x).Tanh());
    }

    private static readonly string[] Names = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"];

    private static Mlp Model(ulong seed = 1) => (Mlp)new Mlp(seed).To(DType.Float64);

    private static Tensor Plain(IReadOnlyList<Tensor> w, Tensor x) => (x.MatMul(w[0].T) + w[1]).Tanh().MatMul(w[2].T) + w[3];

    private static Tensor Data(int seed, params int[] shape)
        => Tensor.Randn(new Shape(shape), DType.Float64, generator: new Generator((ulong)seed));

    private static Tensor[] Leaves(Module model) => [.. model.Parameters().Select(p => p.Value.Detach().Clone().WithGrad())];

    private static Dictionary<string, Tensor> Named(IEnumerable<Tensor> weights)
        => Names.Zip(weights).ToDictionary(p => p.First, p => p.Second);

    private static void AssertNear(Tensor expected, Tensor actual)
    {
        double[] e = expected.ToArray<double>(), a = actual.ToArray<double>();
        for (int i = 0; i < e.Length; i++) Assert.Equal(e[i], a[i], 1e-12);
    }

    // The loss on the second half of a task after steps of gradient descent on the first, and its gradient for the weights to start from.
    private static Tensor[] Meta(Func<IReadOnlyList<Tensor>, Tensor, Tensor> net, Tensor[] start)
    {
        var total = Tensor.Zeros(Shape.Scalar, DType.Float64);
        for (int task = 0; task < 3; task++)
        {
            Tensor x = Data(10 + task, 5, 2), y = Data(20 + task, 5, 1), x2 = Data(30 + task, 4, 2), y2 = Data(40 + task, 4, 1);
            IReadOnlyList<Tensor> weights = start;
            for (int step = 0; step < 2; step++)
            {
                var slopes = Autograd.Grad(Loss.Mse(net(weights, x), y), [.. weights], createGraph: true);
                weights = [.. weights.Zip(slopes, (w, g) => w - 0.1 * g)];
            }
            total = total + Loss.Mse(net(weights, x2), y2);
        }
        return Autograd.Grad(total, start);
    }

    [Fact]
    public void Maml_through_a_module_has_the_gradients_of_a_net_written_by_hand()
    {
        var model = Model();
        var expected = Meta(Plain, Leaves(model));
        var byOrder = Meta((w, x) => model.CallWith(w, x), Leaves(model));
        var byName = Meta((w, x) => model.CallWith(Named(w), x), Leaves(model));
        for (int i = 0; i < expected.Length; i++)
        {
            AssertNear(expected[i], byOrder[i]);
            AssertNear(expected[i], byName[i]);
        }
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Maml_may_start_from_the_module_s_own_weights()
    {
        var model = Model();
        var expected = Meta(Plain, Leaves(model));
        var actual = Meta((w, x) => model.CallWith(w, x), [.. model.Parameters().Select(p => p.Value)]);
        for (int i = 0; i < expected.Length; i++) AssertNear(expected[i], actual[i]);
    }

    [Fact]
    public void A_network_makes_the_weights_of_another()
    {
        var model = Model();
        var maker = new Linear(3, 4 * 2, generator: new Generator(5)).To(DType.Float64);
        Tensor context = Data(1, 1, 3), x = Data(2, 6, 2);
        var y = model.CallWith(new Dictionary<string, Tensor> { ["fc1.weight"] = maker.Forward(context).Reshape(4, 2) }, x);
        y.Square().Sum().Backward();
        var (weight, bias) = (maker.Parameters()[0], maker.Parameters()[1]);
        var (w, b) = (weight.Value.Detach().Clone().WithGrad(), bias.Value.Detach().Clone().WithGrad());
        Tensor[] rest = [.. model.Parameters().Skip(1).Select(p => p.Value.Detach())];
        Plain([(context.MatMul(w.T) + b).Reshape(4, 2), .. rest], x).Square().Sum().Backward();
        AssertNear(w.Grad!, weight.Grad!);
        AssertNear(b.Grad!, bias.Grad!);
        Assert.Null(model.Parameters()[0].Grad);
        Assert.NotNull(model.Parameters()[1].Grad);      // not replaced, so trained as ever
    }

    [Fact]
    public void Members_of_an_ensemble_share_one_module()
    {
        var model = Model();
        var x = Data(2, 6, 2);
        for (ulong seed = 2; seed < 5; seed++)
        {
            var member = Model(seed);
            Assert.Equal(member.Forward(x).ToArray<double>(), model.CallWith(member.State(), x).ToArray<double>());
        }
        Assert.Equal(Model().Forward(x).ToArray<double>(), model.Forward(x).ToArray<double>());
    }

    [Fact]
    public void Calls_nest()
    {
        var model = Model();
        var x = Data(2, 6, 2);
        Tensor[] outer = Leaves(Model(2)), inner = Leaves(Model(3));
        double[] first = [], second = [], third = [];
        model.With(outer, () =>
        {
            first = model.Forward(x).ToArray<double>();
            second = model.CallWith(new Dictionary<string, Tensor> { ["fc2.bias"] = inner[3] }, x).ToArray<double>();
            third = model.Forward(x).ToArray<double>();
            return 0;
        });
        Assert.Equal(Model(2).Forward(x).ToArray<double>(), first);
        Assert.Equal(Plain([.. outer[..3], inner[3]], x).ToArray<double>(), second);
        Assert.Equal(first, third);
        Assert.Equal(Model().Forward(x).ToArray<double>(), model.Forward(x).ToArray<double>());
    }

    [Fact]
    public void An_exception_leaves_the_module_as_it_was()
    {
        var model = Model();
        Tensor[] own = [.. model.Parameters().Select(p => p.Value)];
        Assert.ThrowsAny<ArgumentException>(() => model.CallWith(Leaves(Model(2)), Data(1, 6, 3)));
        Assert.All(model.Parameters().Zip(own), p => Assert.Same(p.Second, p.First.Value));
        Assert.ThrowsAny<ArgumentException>(() => model.With(Leaves(Model(2)), () => model.CallWith(new Tensor[1], Data(1, 6, 2))));
        Assert.All(model.Parameters().Zip(own), p => Assert.Same(p.Second, p.First.Value));
    }

    [Fact]
    public void What_does_not_fit_is_listed()
    {
        var model = Model();
        var x = Data(1, 6, 2);
        Assert.Equal("[with] the tensors do not fit this Mlp: 'fc1.weight' has shape (4, 2), not (2, 4); there is no 'fc3.bias'.",
            Assert.Throws<ArgumentException>(() => model.CallWith(
                new Dictionary<string, Tensor> { ["fc1.weight"] = Data(1, 2, 4), ["fc3.bias"] = Data(1, 1) }, x)).Message);
        Assert.Equal("[with] the tensors do not fit this Mlp: it has 4 parameters, and 1 are given.",
            Assert.Throws<ArgumentException>(() => model.CallWith([Data(1, 4, 2)], x)).Message);
        Assert.Throws<ArgumentNullException>(() => model.CallWith(new Dictionary<string, Tensor> { ["fc1.weight"] = null! }, x));
    }

    private sealed class Tied : Module
    {
        private readonly Linear there, back;

        public Tied()
        {
            there = new Linear(3, 3, bias: false, generator: new Generator(1));
            back = there;
        }

        public override Tensor Forward(Tensor x) => back.Forward(there.Forward(x));
    }

    [Fact]
    public void A_shared_weight_is_replaced_by_either_of_its_names_but_not_by_both()
    {
        var model = new Tied();
        var w = Tensor.Randn(new Shape(3, 3), generator: new Generator(2));
        var x = Tensor.Randn(new Shape(2, 3), generator: new Generator(3));
        float[] expected = x.MatMul(w.T).MatMul(w.T).ToArray();
        foreach (string name in new[] { "there.weight", "back.weight" })
        {
            float[] actual = model.CallWith(new Dictionary<string, Tensor> { [name] = w }, x).ToArray();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
        }
        Assert.Contains("'back.weight' is given under two names", Assert.Throws<ArgumentException>(() => model.CallWith(
            new Dictionary<string, Tensor> { ["there.weight"] = w, ["back.weight"] = w }, x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_are_kept_in_the_given_buffers()
    {
        var norm = new BatchNorm1d(3);
        var x = Tensor.Randn(new Shape(8, 3), generator: new Generator(1));
        var state = norm.State().ToDictionary(p => p.Key, p => p.Value.Clone());
        float[] own = norm.State()["running_mean"].ToArray();
        norm.CallWith(state, x);
        Assert.Equal(own, norm.State()["running_mean"].ToArray());
        Assert.NotEqual(own, state["running_mean"].ToArray());
        var twin = new BatchNorm1d(3);
        twin.Forward(x);
        Assert.Equal(twin.State()["running_mean"].ToArray(), state["running_mean"].ToArray());
        var weights = new Dictionary<string, Tensor> { ["weight"] = Tensor.Full(new Shape(3), 2).WithGrad() };
        norm.CallWith(weights, x).Square().Sum().Backward();
        Assert.NotNull(weights["weight"].Grad);
        Assert.Equal(twin.State()["running_mean"].ToArray(), norm.State()["running_mean"].ToArray());
    }

    [Fact]
    public void Recurrent_layers_take_other_weights()
    {
        var generator = new Generator(1);
        Lstm model = new(3, 2, generator: generator), other = new(3, 2, generator: generator);
        var x = Tensor.Randn(new Shape(4, 5, 3), generator: generator);
        Tensor[] weights = Leaves(other);
        var (y, state) = model.With(weights, () => model.Forward(x, null));
        (y.Sum() + state.Cell.Sum()).Backward();
        var (expected, expectedState) = other.Forward(x, null);
        (expected.Sum() + expectedState.Cell.Sum()).Backward();
        Assert.Equal(expected.ToArray(), y.ToArray());
        Assert.All(weights.Zip(other.Parameters()), p => Assert.Equal(p.Second.Grad!.ToArray(), p.First.Grad!.ToArray()));
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void A_checkpoint_runs_again_with_the_weights_it_had()
    {
        var model = Model();
        var x = Data(2, 6, 2);
        Tensor[] plain = Leaves(Model(2)), kept = Leaves(Model(2)), bias = [Data(9, 1).WithGrad(), Data(9, 1).WithGrad()];
        Plain([.. plain[..3], bias[0]], x).Square().Sum().Backward();
        model.IsCheckpointed = true;
        var y = model.With(kept, () => model.CallWith(new Dictionary<string, Tensor> { ["fc2.bias"] = bias[1] }, x));
        model.With(Leaves(Model(3)), () => { y.Square().Sum().Backward(); return 0; });
        for (int i = 0; i < 3; i++) AssertNear(plain[i].Grad!, kept[i].Grad!);
        AssertNear(bias[0].Grad!, bias[1].Grad!);
        Assert.Null(kept[3].Grad);
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void A_clone_has_the_weights_of_the_moment()
    {
        var model = Model();
        var x = Data(2, 6, 2);
        var copy = model.With(Leaves(Model(2)), () => Module.Clone(model));
        Assert.Equal(Model(2).Forward(x).ToArray<double>(), copy.Forward(x).ToArray<double>());
        Assert.All(copy.Parameters(), p => Assert.True(p.Value.IsLeaf && p.RequiresGrad));
    }

    [Fact]
    public void A_second_thread_is_refused()
    {
        var model = Model();
        var x = Data(2, 6, 2);
        model.With(Leaves(Model(2)), () =>
        {
            Exception? found = null;
            var thread = new Thread(() => found = Record.Exception(() => model.CallWith(Leaves(Model(3)), x)));
            thread.Start();
            thread.Join();
            Assert.StartsWith("[with] another thread", Assert.IsType<InvalidOperationException>(found).Message);
            return 0;
        });
        var after = new Thread(() => model.CallWith(Leaves(Model(3)), x));
        after.Start();
        after.Join();
        Parallel.For(0, 4, i =>
        {
            var own = Module.Clone(model);
            Assert.Equal(Model((ulong)i + 2).Forward(x).ToArray<double>(), own.CallWith(Model((ulong)i + 2).State(), x).ToArray<double>());
        });
    }
}
