using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Nn;

public class ParametrizationTests
{
    private sealed class NonNegative : Parametrization
    {
        protected override Tensor Inverse(Tensor value) => value.Clamp(min: 1e-6).Expm1().Log();
        public override Tensor Forward(Tensor x) => x.Softplus();
    }

    private sealed class OfAnotherShape : Parametrization
    {
        protected override Tensor Inverse(Tensor value) => value.Narrow(0, 0, 1);
        public override Tensor Forward(Tensor x) => x;
    }

    private sealed class Halved : Parametrization
    {
        private readonly StateBuffer half = new(Tensor.FromScalar(0.5f));
        protected internal override bool KeepsName => true;
        protected override Tensor Inverse(Tensor value) => value;
        public override Tensor Forward(Tensor x) => x * half;
    }

    private static Sequential Model(Parametrization? parametrization = null)
    {
        var generator = new Generator(5);
        var first = new Linear(4, 3, generator: generator);
        if (parametrization is not null) first.Weight.Parametrize(parametrization);
        return new Sequential(("first", first), ("act", new Tanh()), ("last", new Linear(3, 2, generator: generator)));
    }

    private static Linear First(Module model) => (Linear)((Sequential)model)["first"];

    [Fact]
    public void The_weight_stays_and_its_parts_take_its_place_in_the_state()
    {
        var plain = Model();
        var model = Model(new WeightNorm());
        Near(First(plain).Weight.Value, First(model).Weight.Value);
        Assert.Equal(
            ["first.weight.original", "first.weight.magnitude", "first.bias", "last.weight", "last.bias"], model.State().Keys);
        Assert.Equal(["first.weight.original", "first.weight.magnitude"], model.NamedParameters().Take(2).Select(p => p.Path));
        Assert.Equal(
            ["first.weight.original", "first.weight.u", "first.weight.v"], Model(new SpectralNorm()).State().Keys.Take(3));
        Assert.Equal(new Shape(3, 4), First(model).Weight.Shape);
        Assert.Equal("WeightNorm(axis: 0)", First(model).Weight.Parametrization!.ToString());
        Assert.Equal(model.ParameterCount, plain.ParameterCount + 3);
        Assert.Contains("first.weight", model.Summary(new Shape(1, 4)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_original_that_keeps_the_name_takes_the_files_of_the_plain_model()
    {
        var plain = Model();
        var model = Model(new Halved());
        Assert.Equal(["first.weight", "first.weight.half", "first.bias", "last.weight", "last.bias"], model.State().Keys);
        Assert.Equal(["first.weight.half"], model.LoadState(plain.State(), strict: false).Missing);
        Near(0.5 * First(plain).Weight.Value, First(model).Weight.Value);
        var twin = Module.Clone(model);
        Assert.Equal(model.State().Keys, twin.State().Keys);
        First(model).Weight.RemoveParametrization();
        Assert.Equal(plain.State().Keys, model.State().Keys);
    }

    private sealed class ByParts(Tensor right) : Parametrization
    {
        public int Shortcuts { get; private set; }
        protected override Tensor Inverse(Tensor value) => value.MatMul(Linalg.Pinv(right));
        public override Tensor Forward(Tensor x) => x.MatMul(right);
        protected internal override Tensor Affine(Tensor x, Tensor? bias, Formula? activation)
        {
            Shortcuts++;
            return x.Affine(right, transposed: true).Affine(Original, bias, transposed: true, activation);
        }
    }

    [Fact]
    public void A_parametrization_may_know_a_shorter_way_through_the_layer()
    {
        var generator = new Generator(8);
        var (right, x) = (Tensor.Randn(new Shape(4, 4), generator: generator), Tensor.Randn(new Shape(5, 2, 4), generator: generator));
        Module[] layers =
        [
            new Linear(4, 3, generator: generator, activation: new Relu()), new Linear(4, 3, bias: false, generator: generator),
            new MultiHeadAttention(4, 2, generator: generator), new MultiHeadAttention(4, 2, keyValueHeads: 1, generator: generator),
        ];
        foreach (var layer in layers)
        {
            var expected = layer.Forward(x);
            var parts = new ByParts(right);
            layer.NamedParameters().First().Parameter.Parametrize(parts);
            Near(expected, layer.Forward(x));
            Assert.Equal(1, parts.Shortcuts);
        }
    }

    [Fact]
    public void A_spectral_norm_is_1_after_training_steps_and_evaluation_changes_nothing()
    {
        var weight = new Parameter(Tensor.Randn(new Shape(5, 4), DType.Float64, generator: new Generator(1)));
        var norm = new SpectralNorm(generator: new Generator(2));
        weight.Parametrize(norm);
        for (int i = 0; i < 200; i++) _ = weight.Value;
        Assert.Equal(1, LargestSingular(weight.Value), 1e-9);
        norm.Eval();
        double[] u = norm.NamedBuffers().First().Buffer.Value.ToArray<double>();
        _ = weight.Value;
        Assert.Equal(u, norm.NamedBuffers().First().Buffer.Value.ToArray<double>());
    }

    [Fact]
    public void Originals_are_trained_and_weights_follow()
    {
        var model = Model(new NonNegative());
        var optimizer = new Sgd(model.Parameters(), new() { LearningRate = 0.5 });
        var x = Tensor.Randn(new Shape(8, 4), generator: new Generator(1));
        float before = 0, after = 0;
        for (int step = 0; step < 50; step++)
        {
            optimizer.ZeroGrad();
            var loss = (model.Forward(x) - 0.5f).Square().Mean();
            loss.Backward();
            optimizer.Step();
            if (step == 0) before = loss.Item<float>();
            after = loss.Item<float>();
        }
        Assert.True(after < before / 4, $"{before} to {after}");
        Assert.All(First(model).Weight.Value.ToArray(), w => Assert.True(w >= 0));
    }

    [Fact]
    public void Removed_it_leaves_a_plain_weight_that_is_trained()
    {
        var model = Model(new WeightNorm());
        var weight = First(model).Weight;
        var x = Tensor.Randn(new Shape(2, 4), generator: new Generator(1));
        float[] before = model.Forward(x).ToArray();
        weight.RemoveParametrization();
        Assert.Null(weight.Parametrization);
        Assert.Equal(before, model.Forward(x).ToArray());
        Assert.Equal(["first.weight", "first.bias", "last.weight", "last.bias"], model.State().Keys);
        model.Forward(x).Sum().Backward();
        Assert.NotNull(weight.Grad);
    }

    [Fact]
    public void A_clone_has_parts_of_its_own()
    {
        var model = Model(new WeightNorm());
        var twin = (Sequential)model.Clone();
        Assert.Equal(model.State().Keys, twin.State().Keys);
        Near(First(model).Weight.Value, First(twin).Weight.Value);
        using (Autograd.NoGrad()) ((WeightNorm)First(twin).Weight.Parametrization!).Magnitude!.Value.CopyFrom(Tensor.Zeros(3, 1));
        Assert.All(First(twin).Weight.Value.ToArray(), w => Assert.Equal(0, w));
        Assert.Contains(First(model).Weight.Value.ToArray(), w => w != 0);
        Assert.NotSame(First(model).Weight.Parametrization!.Original, First(twin).Weight.Parametrization!.Original);
    }

    [Fact]
    public void States_are_loaded_types_converted_and_weights_frozen()
    {
        var (from, to) = (Model(new SpectralNorm()), Model(new SpectralNorm(generator: new Generator(9))));
        using (Autograd.NoGrad()) to.Parameters()[0].Value.CopyFrom(Tensor.Ones(3, 4));
        Assert.True(to.LoadState(from.State()).IsEmpty);
        from.Eval();
        to.Eval();
        Assert.Equal(First(from).Weight.Value.ToArray(), First(to).Weight.Value.ToArray());
        to.To(DType.Float64);
        Assert.Equal(DType.Float64, First(to).Weight.Value.DType);
        First(to).Weight.RequiresGrad = false;
        Assert.False(First(to).Weight.Parametrization!.Original.RequiresGrad);
        Assert.False(First(to).Weight.Value.RequiresGrad);
    }

    [Fact]
    public void Originals_can_be_parametrized_in_their_turn()
    {
        var model = Model(new WeightNorm());
        First(model).Weight.Parametrization!.Original.Parametrize(new NonNegative());
        Assert.Equal(["first.weight.original.original", "first.weight.magnitude"], model.State().Keys.Take(2));
        Assert.All(First(model).Weight.Value.ToArray(), w => Assert.True(w >= 0));
    }

    [Fact]
    public void A_shared_weight_is_computed_for_both_layers()
    {
        var weight = new Parameter(Tensor.Ones(2, 2));
        var shared = new Shared(weight);
        weight.Parametrize(new WeightNorm());
        Assert.Equal(["first.original", "first.magnitude"], shared.State().Keys);
        var twin = (Shared)shared.Clone();
        Assert.Same(twin.First, twin.Second);
    }

    [Fact]
    public void Errors_say_what_to_do()
    {
        var model = Model();
        var optimizer = new Sgd(model.Parameters(), new() { LearningRate = 0.1 });
        var weight = First(model).Weight;
        var norm = new WeightNorm();
        weight.Parametrize(norm);
        Assert.Contains("is computed by WeightNorm(axis: 0) already",
            Assert.Throws<InvalidOperationException>(() => weight.Parametrize(new NonNegative())).Message, StringComparison.Ordinal);
        Assert.Contains("belongs to another parameter already",
            Assert.Throws<InvalidOperationException>(() => First(Model()).Weight.Parametrize(norm)).Message, StringComparison.Ordinal);
        Assert.Contains("OfAnotherShape makes (1, 4) of a parameter of shape (3, 4)",
            Assert.Throws<InvalidOperationException>(() => First(Model()).Weight.Parametrize(new OfAnotherShape())).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("[spectral_norm] a parameter of shape (3,) is no matrix",
            Assert.Throws<ArgumentException>(() => First(model).Bias!.Parametrize(new SpectralNorm())).Message, StringComparison.Ordinal);
        model.Forward(Tensor.Ones(1, 4)).Sum().Backward();
        Assert.Contains("Was the optimizer made before Parametrize?",
            Assert.Throws<InvalidOperationException>(optimizer.Step).Message, StringComparison.Ordinal);
    }

    private sealed class Shared(Parameter weight) : Module
    {
        private readonly Parameter first = weight, second = weight;
        public Parameter First => first;
        public Parameter Second => second;
        public override Tensor Forward(Tensor x) => x.MatMul(first.Value).MatMul(second.Value);
    }

    private static double LargestSingular(Tensor matrix)
    {
        var v = Tensor.Ones(new Shape(matrix.Shape[1]), matrix.DType);
        for (int i = 0; i < 500; i++)
        {
            v = matrix.T.MatMul(matrix.MatMul(v));
            v = v / v.Norm();
        }
        return matrix.MatMul(v).Norm().Item<double>();
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        float[] wanted = expected.ToArray(), given = actual.ToArray();
        Assert.Equal(wanted.Length, given.Length);
        for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], given[i], 1e-6);
    }
}
