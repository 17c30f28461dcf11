using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

public class OptimizerTests
{
    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, Optimizer>> Kinds = new()
    {
        ["sgd"] = p => new Sgd(p, 0.01),
        ["sgd momentum"] = p => new Sgd(p, new SgdOptions { LearningRate = 0.01, Momentum = 0.9, WeightDecay = 0.01, Nesterov = true }),
        ["adagrad"] = p => new AdaGrad(p, new AdaGradOptions { LearningRate = 0.05, Scale = AdaGradScale.RootMean }),
        ["rmsprop"] = p => new RmsProp(p, 0.01),
        ["rmsprop centered"] = p => new RmsProp(
            p, new RmsPropOptions { LearningRate = 0.01, Alpha = 0.95, Momentum = 0.5, Centered = true }),
        ["adam"] = p => new Adam(p, 0.01),
        ["adam amsgrad"] = p => new Adam(p, new AdamOptions { LearningRate = 0.01, Amsgrad = true }) { ClipNorm = 2 },
        ["adamw"] = p => new AdamW(p, 0.01) { L1 = 1e-3, ProximalL1 = true },
        ["nadam"] = p => new NAdam(p, 0.01),
        ["radam"] = p => new RAdam(p, 0.01),
        ["adamax"] = p => new Adamax(p, 0.01),
        ["adadelta"] = p => new AdaDelta(p),
        ["lion"] = p => new Lion(p, 0.01) { ClipValue = 0.5 },
    };

    public static TheoryData<string> All => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_loaded_state_goes_on_bit_by_bit(string kind)
    {
        var (one, two) = (new Problem(DType.Float32), new Problem(DType.Float32));
        var (first, second) = (Kinds[kind](one.Parameters), Kinds[kind](two.Parameters));
        Train(first, one, 1, 20);
        var state = first.SaveState();
        for (int k = 0; k < 2; k++) two.Parameters[k].Value.CopyFromQuietly(one.Parameters[k]);
        Train(first, one, 21, 40);      // the state is a copy, and does not notice
        second.LearningRate = 3;        // the saved one counts
        second.LoadState(state);
        Train(second, two, 21, 40);
        Assert.Equal(one.Values, two.Values);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Threads_change_no_bit(string kind)
    {
        int threads = CpuDevice.Threads;
        try
        {
            double[][] results = [.. new[] { 1, 2, 3 }.Select(n =>
            {
                CpuDevice.Threads = n;
                var problem = new Problem(DType.Float32, new(9), new(257, 129), new(1), new(0, 3), new(8191), new(50, 1000));
                Train(Kinds[kind](problem.Parameters), problem, 1, 3);
                return problem.Values;
            })];
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_step_allocates_nothing(string kind)
    {
        var problem = new Problem(DType.Float32, new(70, 300), new(3));
        problem.Gradients(1);
        var optimizer = Kinds[kind](problem.Parameters);
        for (int i = 0; i < 5; i++) optimizer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread(), live = Memory.LiveBytes;
        for (int i = 0; i < 20; i++)
        {
            optimizer.Step();
            optimizer.ZeroGrad();
            problem.Parameters[0].Grad = problem.Parameters[0].Grad;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 * 16);
        Assert.Equal(live, Memory.LiveBytes);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Elements_do_not_depend_on_their_neighbours(string kind)
    {
        // Tails of vectors, and tensors side by side in one pass, give the same bits as each element alone.
        var together = new Problem(DType.Float32, new(13), new(7));
        var optimizer = Kinds[kind](together.Parameters);
        if (optimizer.ClipNorm is not null) optimizer.ClipNorm = 1e9;
        var start = together.Values;
        together.Gradients(1);
        var gradients = together.Parameters.SelectMany(p => p.Grad!.ToArray()).ToArray();
        optimizer.Step();
        for (int i = 0; i < start.Length; i++)
        {
            var alone = new Parameter(Tensor.From((float)start[i])) { Grad = Tensor.From(gradients[i]) };
            var single = Kinds[kind]([alone]);
            if (single.ClipNorm is not null) single.ClipNorm = 1e9;
            single.Step();
            Assert.Equal(together.Values[i], (double)alone.Value);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_zero_gradient_at_zero_stays_there_and_NaN_is_not_hidden(string kind)
    {
        var x = new Parameter(Tensor.From(0f, 1f)) { Grad = Tensor.From(0f, float.NaN) };
        var optimizer = Kinds[kind]([x]);
        optimizer.ClipNorm = null;
        optimizer.Step();
        Assert.Equal([0, float.NaN], x.Value.ToArray());
    }

    [Fact]
    public void Strided_parameters_and_gradients_are_updated_where_they_lie()
    {
        var storage = Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(2, 3));
        var x = new Parameter(storage.T) { Grad = Tensor.From<float>([1, 1, 1, 0, 0, 0], new Shape(2, 3)).T };
        new Sgd([x], 0.5).Step();
        Assert.Equal([0.5f, 1.5f, 2.5f, 4, 5, 6], storage.ToArray());
    }

    [Fact]
    public void Element_types_may_be_mixed()
    {
        var single = new Parameter(Tensor.From(1f)) { Grad = Tensor.From(1f) };
        var @double = new Parameter(Tensor.From(1.0)) { Grad = Tensor.From(1.0) };
        new Sgd([single, @double], 0.1).Step();
        Assert.Equal(0.9f, (float)single.Value);
        Assert.Equal(0.9, (double)@double.Value, 15);
    }

    [Fact]
    public void Frozen_parameters_and_those_without_gradient_stay()
    {
        var (frozen, idle, live) = (new Parameter(Tensor.Ones(2)), new Parameter(Tensor.Ones(2)), new Parameter(Tensor.Ones(2)));
        frozen.RequiresGrad = false;
        live.Grad = Tensor.Ones(2);
        var optimizer = new AdamW([frozen, idle, live], 0.1);
        optimizer.Step();
        Assert.Equal([1, 1], frozen.Value.ToArray());
        Assert.Equal([1, 1], idle.Value.ToArray());
        Assert.NotEqual(1, live.Value.ToArray()[0]);
        optimizer.ZeroGrad();
        Assert.Null(live.Grad);
        float[] before = live.Value.ToArray();
        optimizer.Step();
        Assert.Equal(before, live.Value.ToArray());
    }

    [Fact]
    public void What_is_remembered_outlives_memory_scopes()
    {
        var problem = new Problem(DType.Float32);
        var optimizer = new Adam(problem.Parameters);
        for (int t = 1; t <= 3; t++)
        {
            using var scope = Memory.Scope();
            problem.Gradients(t);
            optimizer.Step();
        }
        Assert.True(optimizer.SaveState().Tensors["1/exp_avg"].ToArray()[0] != 0);
    }

    [Fact]
    public void States_follow_a_parameter_to_another_element_type()
    {
        var problem = new Problem(DType.Float32);
        var optimizer = new Adam(problem.Parameters);
        Train(optimizer, problem, 1, 3);
        foreach (var parameter in problem.Parameters) parameter.Replace(parameter.Value.Detach().To(DType.Float64));
        Train(optimizer, problem, 4, 5);
        Assert.Equal(DType.Float64, optimizer.SaveState().Tensors["0/exp_avg"].DType);
    }

    [Fact]
    public void A_change_in_place_is_noticed_by_a_graph_that_needs_the_old_value()
    {
        var x = new Parameter(Tensor.From(2.0));
        var loss = x.Value * x.Value;
        loss.Backward(retainGraph: true);
        new Sgd([x], 0.1).Step();
        Assert.ThrowsAny<InvalidOperationException>(() => loss.Backward());
    }

    [Fact]
    public void A_closure_is_run_before_the_step()
    {
        var x = new Parameter(Tensor.From(3.0));
        var optimizer = new Sgd([x], 0.25);
        Tensor loss;
        using (Autograd.NoGrad())
        {
            loss = optimizer.Step(() =>
            {
                var square = x.Value * x.Value;
                square.Backward();
                return square;
            });
        }
        Assert.Equal(9, (double)loss);
        Assert.Equal(1.5, (double)x.Value);
    }

    [Fact]
    public void Groups_can_be_added_on_the_way()
    {
        var (a, b) = (new Parameter(Tensor.From(1f)), new Parameter(Tensor.From(1f)));
        var optimizer = new Sgd([a], 0.5);
        optimizer.AddGroup(new ParameterGroup([b], 0.25));
        (a.Grad, b.Grad) = (Tensor.From(1f), Tensor.From(1f));
        optimizer.Step();
        Assert.Equal((0.5f, 0.75f), ((float)a.Value, (float)b.Value));
    }

    private static void Train(Optimizer optimizer, Problem problem, int from, int to)
    {
        for (int t = from; t <= to; t++)
        {
            problem.Gradients(t);
            optimizer.Step();
        }
    }
}
