using DeepNet.Nn;
using DeepNet.Optim;
using Xunit;

namespace DeepNet.Tests.Replay;

/// <summary>Compiled functions against the same functions as they are, bit for bit, over networks of each kind.</summary>
public class CompiledTests
{
    /// <summary>A step of two copies of a network: as it is and compiled, in turn, from the same random numbers.</summary>
    private static void Lockstep(
        Func<Module> make, Func<Module, Optimizer> optimize, Func<int, (Tensor X, Tensor Y)> batch,
        Func<Module, Tensor, Tensor, Tensor> lossOf, int steps = 9, Action<int, Optimizer>? each = null)
    {
        var was = Generator.Default.State;
        try
        {
            Generator.SetSeed(5);
            var plain = make();
            Generator.SetSeed(5);
            var other = make();
            Optimizer plainly = optimize(plain), compiledly = optimize(other);
            Func<Tensor, Tensor, Tensor> Step(Module model, Optimizer optimizer) => (x, y) =>
            {
                optimizer.ZeroGrad();
                var loss = lossOf(model, x, y);
                loss.Backward();
                optimizer.Step();
                return loss;
            };
            var step = Step(plain, plainly);
            using var compiled = Compiled.Step(Step(other, compiledly));
            for (int i = 0; i < steps; i++)
            {
                each?.Invoke(i, plainly);
                each?.Invoke(i, compiledly);
                var (x, y) = batch(i);
                var before = Generator.Default.State;
                float expected = step(x, y).Item();
                var after = Generator.Default.State;
                Generator.Default.State = before;
                float actual = compiled.Run(x, y).Item();
                Assert.Equal(expected, actual);
                Assert.Equal(after, Generator.Default.State);
                if (i == 6) Memory.Reclaim();
            }
            Assert.Equal(1, compiled.Recordings);
            AssertSame(plain, other);
        }
        finally
        {
            Generator.Default.State = was;
        }
    }

    private static void AssertSame(Module plain, Module other)
    {
        foreach (var (one, two) in plain.NamedParameters().Zip(other.NamedParameters()))
            Assert.Equal(one.Parameter.Value.ToArray<double>(), two.Parameter.Value.ToArray<double>());
        foreach (var (one, two) in plain.NamedBuffers().Zip(other.NamedBuffers()))
            Assert.Equal(one.Buffer.Value.ToArray<double>(), two.Buffer.Value.ToArray<double>());
    }

    private static Tensor Data(int seed, params int[] shape) => Tensor.Randn(new Shape(shape), generator: new Generator((ulong)seed));

    private static Tensor Classes(int seed, int classes, params int[] shape)
        => Tensor.RandInt(0, classes, new Shape(shape), generator: new Generator((ulong)seed));

    [Fact]
    public void A_tiny_network_with_a_schedule_of_its_learning_rate()
        => Lockstep(() => new Sequential(new Linear(4, 32), new Relu(), new Linear(32, 3)), m => new Adam(m.Parameters(), 1e-2),
            i => (Data(i, 16, 4), Classes(i, 3, 16)), (m, x, y) => Loss.CrossEntropy(m.Forward(x), y), 12,
            (i, optimizer) => optimizer.LearningRate = 1e-2 * (1 + Math.Sin(i)));

    [Fact]
    public void Batch_normalisation_dropout_and_clipping()
        => Lockstep(
            () => new Sequential(new Linear(20, 40), new BatchNorm1d(40), new Relu(), new Dropout(0.3), new Linear(40, 5)),
            m => new AdamW(m.Parameters(), 1e-2) { ClipNorm = 0.5 }, i => (Data(i, 32, 20), Classes(i, 5, 32)),
            (m, x, y) => Loss.CrossEntropy(m.Forward(x), y));

    [Fact]
    public void LeNet()
        => Lockstep(
            () => new Sequential(
                new Conv2d(1, 8, 3, activation: new Relu()), new Conv2d(8, 8, 3, activation: new Relu()), new MaxPool2d(2),
                new Dropout(0.25), new Flatten(), new Linear(8 * 25, 32, activation: new Relu()), new Linear(32, 10)),
            m => new Sgd(m.Parameters(), 1e-2, momentum: 0.9), i => (Data(i, 6, 1, 14, 14), Classes(i, 10, 6)),
            (m, x, y) => Loss.CrossEntropy(m.Forward(x), y));

    private sealed class Block(int inputs, int outputs, int stride) : Module
    {
        private readonly Conv2d conv1 = new(inputs, outputs, 3, stride, padding: 1, bias: false);
        private readonly BatchNorm2d norm1 = new(outputs), norm2 = new(outputs);
        private readonly Conv2d conv2 = new(outputs, outputs, 3, padding: 1, bias: false);
        private readonly Conv2dNorm? shortcut = stride == 1 && inputs == outputs ? null : new(inputs, outputs, 1, stride);

        public override Tensor Forward(Tensor x)
        {
            var y = norm2.Forward(conv2.Forward(norm1.Forward(conv1.Forward(x)).Relu()));
            return (y + (shortcut is null ? x : shortcut.Forward(x))).Relu();
        }
    }

    private static Sequential ResNet() => new(
        new Conv2dNorm(3, 8, 3, padding: 1, activation: new Relu()), new Block(8, 8, 1), new Block(8, 16, 2), new Block(16, 16, 1),
        new AdaptiveAvgPool2d(1), new Flatten(), new Linear(16, 10));

    [Fact]
    public void A_residual_network()
        => Lockstep(ResNet, m => new Sgd(m.Parameters(), 1e-2, momentum: 0.9), i => (Data(i, 4, 3, 12, 12), Classes(i, 10, 4)),
            (m, x, y) => Loss.CrossEntropy(m.Forward(x), y));

    [Fact]
    public void A_residual_network_evaluates_in_less_memory()
    {
        var model = ResNet();
        model.Eval();
        using var forward = Compiled.Forward(model);
        for (int i = 0; i < 6; i++)
        {
            var x = Data(i, 4, 3, 12, 12);
            Tensor expected;
            using (Autograd.NoGrad()) expected = model.Forward(x);
            Assert.Equal(expected.ToArray(), forward.Run(x).ToArray());
        }
        Assert.InRange(forward.PlannedBytes, 1, 4 * 4 * 8 * 144 * 5);     // some activations at once, not all
    }

    private sealed class Tagger : Module
    {
        private readonly Lstm lstm = new(6, 12);
        private readonly Linear head = new(12, 4);

        public override Tensor Forward(Tensor x) => head.Forward(lstm.Forward(x));
    }

    [Fact]
    public void An_lstm()
        => Lockstep(() => new Tagger(), m => new RmsProp(m.Parameters(), 1e-3), i => (Data(i, 7, 5, 6), Classes(i, 4, 35)),
            (m, x, y) => Loss.CrossEntropy(m.Forward(x).Reshape(35, 4), y));

    private sealed class Gpt : Module
    {
        private readonly Embedding tokens = new(11, 16), places = new(9, 16);
        private readonly LayerNorm norm = new(16);
        private readonly MultiHeadAttention attention = new(16, 2);
        private readonly Linear up = new(16, 32), down = new(32, 16), head = new(16, 11);

        public override Tensor Forward(Tensor x)
        {
            var h = tokens.Forward(x) + places.Forward(Tensor.Arange(0, 9, 1));
            var n = norm.Forward(h);
            h = h + attention.Forward(n, n, n, AttentionMask.Causal);
            return head.Forward(h + down.Forward(up.Forward(h).Gelu()));
        }
    }

    [Fact]
    public void A_transformer()
        => Lockstep(() => new Gpt(), m => new AdamW(m.Parameters(), 1e-3), i => (Classes(i, 11, 4, 9), Classes(i + 50, 11, 36)),
            (m, x, y) => Loss.CrossEntropy(m.Forward(x).Reshape(36, 11), y));

    [Fact]
    public void A_users_loss_over_many_elements_runs_in_pieces()
    {
        static Tensor Formula(Tensor x, Tensor y) => ((x * y + 0.5) * x - y).Square();
        using var compiled = Compiled.Step(Formula);
        for (int i = 0; i < 6; i++)
        {
            Tensor x = Data(i, 3, 20_001), y = Data(i + 9, 3, 20_001);
            Assert.Equal(Formula(x, y).ToArray(), compiled.Run(x, y).ToArray());
        }
        Assert.Equal(0, compiled.PlannedBytes);

        static Tensor Step(Tensor x, Tensor y)
        {
            x = x.Detach().WithGrad();
            var error = (x - y).Abs();
            var loss = Tensor.Where(error < 1, error.Square() * 0.5, error - 0.5).Mean() + (x.Sigmoid() * (x * 2).Tanh()).Mean();
            return Autograd.Grad(loss, x);
        }
        using var gradient = Compiled.Step(Step);
        for (int i = 0; i < 6; i++)
        {
            Tensor x = Data(i, 40_000), y = Data(i + 9, 40_000);
            Assert.Equal(Step(x, y).ToArray(), gradient.Run(x, y).ToArray());
        }
    }
}
