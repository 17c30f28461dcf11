using DeepNet.Nn;
using DeepNet.Optim;
using Xunit;

namespace DeepNet.Tests.Replay;

/// <summary>Changes between calls give right results or an error; what cannot be repeated is an error.</summary>
public class GuardTests
{
    private readonly Tensor X = Tensor.Randn(new Shape(8, 4), generator: new Generator(1));
    private readonly Tensor Y = Tensor.Randn(new Shape(8, 3), generator: new Generator(2));

    private static Compiled Warm(Compiled compiled, params Tensor[] inputs)
    {
        for (int i = 0; i < 5; i++) compiled.RunAll(inputs);
        Assert.Equal(1, compiled.Recordings);
        return compiled;
    }

    private void AssertForward(Compiled compiled, Module model, int recordings)
    {
        for (int i = 0; i < 5; i++)
        {
            Tensor expected;
            using (Autograd.NoGrad()) expected = model.Forward(X);
            Assert.Equal(expected.ToArray(), compiled.Run(X).ToArray());
        }
        Assert.Equal(recordings, compiled.Recordings);
    }

    [Fact]
    public void Changed_values_of_parameters_count()
    {
        var model = new Linear(4, 3);
        using var compiled = Warm(Compiled.Forward(model), X);
        using (Autograd.NoGrad()) model.Parameters()[0].Value.MulInPlace(Tensor.FromScalar(2));
        AssertForward(compiled, model, 1);
    }

    [Fact]
    public void Parameters_of_another_model_are_recorded_again()
    {
        var model = new Linear(4, 3);
        using var compiled = Warm(Compiled.Forward(model), X);
        model.Parameters()[0].Replace(Tensor.Ones(3, 4));
        AssertForward(compiled, model, 2);
        model.To(DType.Float64);
        for (int i = 0; i < 4; i++)
        {
            Tensor expected;
            using (Autograd.NoGrad()) expected = model.Forward(X);
            Assert.Equal(expected.ToArray<double>(), compiled.Run(X).ToArray<double>());
        }
        Assert.Equal(3, compiled.Recordings);
    }

    [Fact]
    public void The_mode_of_a_module_counts()
    {
        var model = new Sequential(new Linear(4, 3), new BatchNorm1d(3));
        using var compiled = Warm(Compiled.Forward(model), X);
        model.Eval();
        AssertForward(compiled, model, 2);
    }

    [Fact]
    public void Both_modes_are_kept_when_they_take_turns()
    {
        var model = new Sequential(new Linear(4, 3), new BatchNorm1d(3));
        using var compiled = Compiled.Forward(model, new() { Recordings = 2 });
        for (int i = 0; i < 24; i++)
        {
            model.Train(i / 4 % 2 == 0);
            var buffers = model.NamedBuffers().Select(b => b.Buffer.Value.Clone()).ToList();
            Tensor expected;
            using (Autograd.NoGrad()) expected = model.Forward(X);
            foreach (var (buffer, before) in model.NamedBuffers().Zip(buffers)) buffer.Buffer.Value.CopyFrom(before);
            Assert.Equal(expected.ToArray(), compiled.Run(X).ToArray());
        }
        Assert.Equal(2, compiled.Recordings);
    }

    [Fact]
    public void Gradients_of_several_batches_are_gathered_between_steps()
    {
        static (Linear, Sgd) Make()
        {
            var model = new Linear(4, 3);
            foreach (var parameter in model.Parameters())
                using (Autograd.NoGrad()) parameter.Value.CopyFrom(Tensor.Randn(parameter.Shape, generator: new Generator(7)));
            return (model, new Sgd(model.Parameters(), 0.1));
        }
        var (plain, one) = Make();
        var (other, two) = Make();
        Func<Tensor, Tensor> Backward(Module model) => x =>
        {
            var loss = model.Forward(x).Square().Mean();
            loss.Backward();
            return loss;
        };
        var backward = Backward(plain);
        using var compiled = Compiled.Step(Backward(other));
        for (int i = 0; i < 18; i++)
        {
            Assert.Equal(backward(X + i).Item(), compiled.Run(X + i).Item());
            if (i % 3 != 2) continue;
            foreach (var optimizer in (Optimizer[])[one, two])
            {
                optimizer.Step();
                optimizer.ZeroGrad();
            }
        }
        Assert.Equal(2, compiled.Recordings);
        Assert.Equal(plain.Parameters()[0].Value.ToArray(), other.Parameters()[0].Value.ToArray());
    }

    [Fact]
    public void Other_shapes_have_recordings_of_their_own_up_to_the_bound()
    {
        var model = new Linear(4, 3);
        using var compiled = Compiled.Forward(model, new() { Recordings = 2 });
        for (int i = 0; i < 12; i++)
        {
            var x = X.Narrow(0, 0, i % 2 == 0 ? 8 : 5);
            using (Autograd.NoGrad()) Assert.Equal(model.Forward(x).ToArray(), compiled.Run(x).ToArray());
        }
        Assert.Equal(2, compiled.Recordings);
        var error = Assert.Throws<InvalidOperationException>(() => compiled.Run(X.Narrow(0, 0, 3)));
        Assert.Contains("recorded 2 times", error.Message);
        using (Autograd.NoGrad()) Assert.Equal(model.Forward(X).ToArray(), compiled.Run(X).ToArray());
    }

    [Fact]
    public void Views_at_other_places_and_in_other_layouts_are_inputs_too()
    {
        var model = new Linear(4, 3);
        var data = Tensor.Randn(new Shape(40, 4), generator: new Generator(3));
        using var compiled = Compiled.Forward(model);
        for (int i = 0; i < 8; i++)
        {
            var x = data.Narrow(0, 5 * i, 5);
            using (Autograd.NoGrad()) Assert.Equal(model.Forward(x).ToArray(), compiled.Run(x).ToArray());
        }
        Assert.Equal(1, compiled.Recordings);
        var turned = Tensor.Randn(new Shape(4, 5), generator: new Generator(4));
        for (int i = 0; i < 4; i++)
            using (Autograd.NoGrad()) Assert.Equal(model.Forward(turned.T).ToArray(), compiled.Run(turned.T).ToArray());
        Assert.Equal(2, compiled.Recordings);
    }

    private static (Linear Model, Sgd Optimizer, Func<Tensor, Tensor, Tensor> Step) Training()
    {
        var model = new Linear(4, 3);
        foreach (var parameter in model.Parameters())
            using (Autograd.NoGrad()) parameter.Value.CopyFrom(Tensor.Randn(parameter.Shape, generator: new Generator(7)));
        var optimizer = new Sgd(model.Parameters(), 0.1, momentum: 0.9);
        return (model, optimizer, (x, y) =>
        {
            optimizer.ZeroGrad();
            var loss = Loss.Mse(model.Forward(x), y);
            loss.Backward();
            optimizer.Step();
            return loss;
        }
        );
    }

    private void Both(Action<Linear, Sgd, int> each, int steps = 14)
    {
        var (plain, plainOptimizer, step) = Training();
        var (other, otherOptimizer, same) = Training();
        using var compiled = Compiled.Step(same, new() { Recordings = 20 });
        for (int i = 0; i < steps; i++)
        {
            each(plain, plainOptimizer, i);
            each(other, otherOptimizer, i);
            Assert.Equal(step(X, Y).Item(), compiled.Run(X, Y).Item());
        }
        Assert.Equal(plain.Parameters()[0].Value.ToArray(), other.Parameters()[0].Value.ToArray());
    }

    [Fact]
    public void Frozen_parameters_are_left_alone() => Both((model, _, i) => model.Parameters()[1].RequiresGrad = i is < 6 or > 10);

    [Fact]
    public void Gradients_that_were_set_or_read_keep_their_values()
    {
        Both((model, _, i) => { if (i == 6) model.Parameters()[0].Grad = Tensor.Ones(3, 4); });
        Tensor? first = null, second = null;
        float[]? before = null;
        Both((model, _, i) =>
        {
            if (i == 6)
            {
                second = first;
                first = model.Parameters()[0].Grad;
                before = first!.ToArray();
            }
            if (i == 9) Assert.Equal(before, first!.ToArray());
        });
        Assert.NotNull(second);
    }

    [Fact]
    public void Settings_of_the_optimizer_count() => Both((_, optimizer, i) =>
    {
        if (i == 5) optimizer.LearningRate = 0.01;
        if (i == 7) optimizer.ClipNorm = 0.1;
        if (i == 9) optimizer.WeightDecay = 0.3;
    });

    [Fact]
    public void Gradients_that_are_gathered_outside_count() => Both((model, optimizer, i) =>
    {
        if (i == 6) model.Forward(X).Sum().Backward();
        if (i == 8) optimizer.ZeroGrad();
    });

    private string Error(Func<Tensor, Tensor> function)
    {
        using var compiled = Compiled.Step(function);
        var error = Assert.Throws<InvalidOperationException>(() => { for (int i = 0; i < 6; i++) compiled.Run(X); });
        Assert.StartsWith("[compiled]", error.Message);
        using var falling = Compiled.Step(function, new() { FallsBack = true });
        for (int i = 0; i < 6; i++) falling.Run(X);
        Assert.StartsWith("[compiled]", falling.WhyNotRecorded);
        return error.Message;
    }

    [Fact]
    public void What_cannot_be_repeated_is_an_error_that_says_what()
    {
        Assert.Contains("reads elements back", Error(x => x * x.Sum().Item()));
        Assert.Contains("reads elements back", Error(x => Tensor.From<float>(x.ToArray())));
        Assert.Contains("leases", Error(x => { using var lease = x.LeaseReadOnly<float>(); return x * lease.Span[0]; }));
        Assert.Contains("factors a matrix", Error(x => Linalg.Svd(x).S));
        Assert.Contains("random numbers that no kernel takes", Error(x => x * new Generator(3).NextDouble()));
        Assert.Contains("changes an input in place", Error(x => x.AddInPlace(Tensor.Ones(4)) * 2));
        Assert.Contains("hook", Error(x =>
        {
            var w = Tensor.Ones(4).WithGrad();
            w.RegisterHook(g => g * 2);
            (x * w).Sum().Backward();
            return w.Grad!;
        }));
    }

    [Fact]
    public void What_is_not_the_same_each_time_is_an_error()
    {
        int calls = 0;
        Assert.Contains("other settings", Error(x => x * ++calls));
        Assert.Contains("other elements", Error(x => x + Tensor.From<float>(++calls)));
        Assert.Contains("'map exp'", Error(x => ++calls % 2 == 0 ? x.Exp() : x.Square()));
        Tensor sum = Tensor.Zeros(8, 4);
        Assert.Contains("another tensor", Error(x => sum = sum + x));
    }

    [Fact]
    public void Tensors_from_arrays_are_constants()
    {
        using var compiled = Compiled.Step(x => (x + Tensor.From<float>(1, 2, 3, 4)).MulInPlace(Tensor.Arange(0, 4, 1).To(DType.Float32)));
        for (int i = 0; i < 6; i++)
        {
            var x = X + i;
            Assert.Equal(((x + Tensor.From<float>(1, 2, 3, 4)) * Tensor.From<float>(0, 1, 2, 3)).ToArray(), compiled.Run(x).ToArray());
        }
        Assert.Equal(1, compiled.Recordings);
    }

    [Fact]
    public void Results_have_memory_of_their_own_and_inputs_may_be_results()
    {
        using var compiled = Compiled.Function(x => [x[0] * 2, x[0], (x[0] + 1).T, Y]);
        Tensor[][] all = [.. Enumerable.Range(0, 7).Select(i => compiled.RunAll(X + i))];
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(((X + i) * 2).ToArray(), all[i][0].ToArray());
            Assert.Equal((X + i).ToArray(), all[i][1].ToArray());
            Assert.Equal((X + i + 1).T.ToArray(), all[i][2].ToArray());
            Assert.Equal(Y.ToArray(), all[i][3].ToArray());
        }
    }

    [Fact]
    public void A_wrong_label_is_an_error_as_ever_and_the_next_batch_is_right()
    {
        var labels = Tensor.From<long>(0, 1, 2, 0, 1, 2, 0, 1);
        using var compiled = Warm(Compiled.Step((x, y) => Loss.CrossEntropy(x, y)), Y, labels);
        Assert.ThrowsAny<ArgumentException>(() => compiled.Run(Y, labels + 2));
        Assert.Equal(Loss.CrossEntropy(Y, labels).Item(), compiled.Run(Y, labels).Item());
    }

    [Fact]
    public void What_the_function_made_and_did_not_return_ends_with_the_call()
    {
        Tensor? inside = null;
        using var compiled = Compiled.Step(x => { inside = x * 2; return inside + 1; });
        compiled.Run(X);
        compiled.Run(X);
        Assert.Throws<ObjectDisposedException>(() => inside!.ToArray());
    }

    [Fact]
    public void Inputs_that_require_a_gradient_and_calls_from_within_are_errors()
    {
        using var compiled = Compiled.Step(x => x * 2);
        Assert.Contains("requires a gradient", Assert.Throws<InvalidOperationException>(() => compiled.Run(X.Clone().WithGrad())).Message);
        Compiled? self = null;
        self = Compiled.Step(x => self!.Run(x));
        Assert.Contains("running already", Assert.Throws<InvalidOperationException>(() => self.Run(X)).Message);
        self.Dispose();
        Assert.Throws<ObjectDisposedException>(() => self.Run(X));
    }

    [Fact]
    public void A_profile_sees_the_kernels_of_a_recording()
    {
        var model = new Linear(4, 3);
        using var compiled = Warm(Compiled.Forward(model), X);
        using var profiler = Profiler.Record();
        var y = compiled.Run(X);
        Assert.Equal(2.0 * 8 * 4 * 3, profiler.Operators.Single(row => row.Name == "matmul").Flops);
        using (Autograd.NoGrad()) Assert.Equal(model.Forward(X).ToArray(), y.ToArray());
    }
}
