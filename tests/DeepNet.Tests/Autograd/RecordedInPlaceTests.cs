using DeepNet.Nn;

namespace DeepNet.Tests;

/// <summary>In-place changes of results that need gradients, beside the same functions written without them.</summary>
public class RecordedInPlaceTests
{
    private static readonly Tensor Mask = Tensor.From(true, false, true, false, false, true).Reshape(3, 2);

    /// <summary>Functions of x (3, 2) and v (2,) by name: with changes in place, and without.</summary>
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> InPlace, Func<Tensor, Tensor, Tensor> Plain)[] Functions =
    [
        ("a row", (x, v) => Changed(x * x, y => y[1] = v), (x, v) => Tensor.Stack([(x * x)[0], v, (x * x)[2]])),
        ("a row of zeros", (x, v) => Changed(Tensor.Zeros(new Shape(3, 2), x.DType), y => y[1] = v),
            (x, v) => Tensor.Stack([0 * v, v, 0 * v])),
        ("a number", (x, v) => Changed(x * v, y => y[.., 0] = 3),
            (x, v) => Tensor.Cat([Tensor.Full(new Shape(3, 1), 3, x.DType), (x * v)[.., 1..]], 1)),
        ("broadcast", (x, v) => Changed(x * v, y => y[1..] = v), (x, v) => Tensor.Cat([(x * v)[..1], v.Expand(2, 2)])),
        ("the whole", (x, v) => (x * x).CopyFrom(v), (x, v) => v.Expand(3, 2)),
        ("two rows at once", (x, v) => Changed(x * v, y => y[1..] = y[..2]), (x, v) => Tensor.Cat([(x * v)[..1], (x * v)[..2]])),
        ("a mask and a number", (x, v) => Changed(x * v, y => y[Mask] = v[1]), (x, v) => Tensor.Where(Mask, v[1], x * v)),
        ("a mask over rows", (x, v) => Changed(x * v, y => y[Mask[.., 0]] = v), (x, v) => Tensor.Where(Mask[.., ..1], v, x * v)),
        ("places", (x, v) => Changed(x * v, y => y[new[] { 2, 0 }] = v), (x, v) => Tensor.Stack([v, (x * v)[1], v])),
        ("places in both axes", (x, v) => Changed(x * v, y => y[new[] { 2, 2 }, new[] { 0, 1 }] = v),
            (x, v) => Tensor.Cat([(x * v)[..2], v[NewAxis]])),
        ("a view of a view", (x, v) => Changed(x * v, y => y.T[1].Slice(0, 0, null, 2).CopyFrom(v)),
            (x, v) => Tensor.Stack([(x * v)[.., 0], Tensor.Stack([v[0], (x * v)[1, 1], v[1]])], 1)),
        ("arithmetic", (x, v) => (x * x).AddInPlace(v).MulInPlace(v).SubInPlace(x).DivInPlace(v + 3),
            (x, v) => ((x * x + v) * v - x) / (v + 3)),
        ("arithmetic of a view", (x, v) => Changed(x * x, y => y[.., 1].MulInPlace(v[1]).AddInPlace(1)),
            (x, v) => Tensor.Stack([(x * x)[.., 0], (x * x)[.., 1] * v[1] + 1], 1)),
        ("with itself", (x, v) => (x * v).MulInPlace(x).AddInPlace(v), (x, v) => x * v * x + v),
        ("squared", (x, v) => Changed(x * v, y => y.MulInPlace(y)), (x, v) => x * v * (x * v)),
        ("compound assignment", (x, v) => Changed(x * v, y => y[1] += v * v),
            (x, v) => Tensor.Stack([(x * v)[0], (x * v)[1] + v * v, (x * v)[2]])),
        ("an older view", (x, v) => { var y = x * v; var old = y[1..]; y[1] = v; return old * v; },
            (x, v) => Tensor.Stack([v, (x * v)[2]]) * v),
        ("an older view of zeros", (x, v) => { var y = Tensor.Zeros(new Shape(2, 2), x.DType); var old = y.T; y[1] = v; return old * v; },
            (x, v) => Tensor.Stack([0 * v, v]).T * v),
        ("through an older view", (x, v) => { var y = x * v; var old = y[1]; old.CopyFrom(v); return y * v; },
            (x, v) => Tensor.Stack([(x * v)[0], v, (x * v)[2]]) * v),
        ("through a view of zeros", (x, v) => { var y = Tensor.Zeros(new Shape(2, 2), x.DType); y[1].CopyFrom(v); return y * v; },
            (x, v) => Tensor.Stack([0 * v, v]) * v),
        ("two older views", (x, v) =>
        {
            var y = x * v;
            Tensor a = y[1], b = y.T[.., 1..];
            a.MulInPlace(v);
            b.AddInPlace(x.T[.., ..2]);
            return a + y[2];
        },
            (x, v) => (x * v)[1] * v + x[0] + (x * v)[2] + x[1]),
        ("an older view that overlaps", (x, v) => { var y = x * v; var old = y.Unfold(0, 2, 1); y[1] = v; return old; },
            (x, v) => Tensor.Stack([(x * v)[0], v, (x * v)[2]]).Unfold(0, 2, 1)),
        ("an older expanded view", (x, v) => { var y = x * v; var old = y[1].Expand(4, 2); y[1] = v.Square(); return old; },
            (x, v) => v.Square().Expand(4, 2)),
        ("rows by foreach", (x, v) => Changed(x * v, y => { foreach (var row in y) row.MulInPlace(v); }), (x, v) => x * v * v),
        ("a transposed result", (x, v) => Changed(x.T.Clone().T * v, y => y[1] = v), (x, v) => Tensor.Stack([(x * v)[0], v, (x * v)[2]])),
        ("read between writes", (x, v) =>
        {
            var y = x * v;
            var a = y[1] + 0;
            y[1] = v;
            var b = y[1] + 0;
            y[1].FillInPlace(7);
            return a + 2 * b;
        },
            (x, v) => (x * v)[1] + 2 * v),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(f => f.Name)];

    private static readonly TensorIndex NewAxis = Tensor.NewAxis;

    private static Tensor Changed(Tensor y, Action<Tensor> change)
    {
        change(y);
        return y;
    }

    private static (Tensor X, Tensor V) Leaves(DType dtype = DType.Float64)
        => (Tensor.From<double>([0.5, -1.25, 2, 0.75, -0.5, 1.5], new Shape(3, 2)).To(dtype).WithGrad(),
            Tensor.From<double>(1.5, -0.75).To(dtype).WithGrad());

    private static Tensor Weights(Tensor y) => Tensor.Arange(1, (int)y.Count + 1).To(y.DType).Reshape(y.Shape.Axes);

    // The value, its gradients, and the gradients of a function of those.
    private static List<double[]> Derivatives(Func<Tensor, Tensor, Tensor> f, DType dtype = DType.Float64)
    {
        var (x, v) = Leaves(dtype);
        var y = f(x, v);
        var found = new List<double[]> { y.ToArray<double>() };
        Tensor[] inputs = [x, v];
        var first = Autograd.TryGrad([(y * y * Weights(y)).Sum()], inputs, createGraph: true);
        found.AddRange(first.Select(g => g?.ToArray<double>() ?? []));
        var slope = first.OfType<Tensor>().Select(g => (g * Weights(g)).Sum()).Aggregate((a, b) => a + b);
        if (slope.RequiresGrad) found.AddRange(Autograd.TryGrad([slope], inputs).Select(g => g?.ToArray<double>() ?? []));
        y = f(x, v);
        (y * y * Weights(y)).Sum().Backward();
        found.AddRange(inputs.Select(i => i.Grad?.ToArray<double>() ?? []));
        return found;
    }

    private static void AssertSame(List<double[]> expected, List<double[]> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            // No gradient at all is a gradient of zeros.
            double[] e = expected[i], a = actual[i];
            if (e.Length == 0) e = new double[a.Length];
            if (a.Length == 0) a = new double[e.Length];
            Assert.Equal(e.Length, a.Length);
            for (int k = 0; k < e.Length; k++)
                Assert.True(Math.Abs(e[k] - a[k]) <= tolerance * Math.Max(1, Math.Abs(e[k])), $"{i}, {k}: {a[k]:R} instead of {e[k]:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_two_derivatives_are_those_of_the_plain_function(string name)
    {
        var (_, inPlace, plain) = Functions.Single(f => f.Name == name);
        AssertSame(Derivatives(plain), Derivatives(inPlace), 1e-13);
        AssertSame(Derivatives(plain, DType.Float32), Derivatives(inPlace, DType.Float32), 1e-5);
        using (Memory.Scope()) AssertSame(Derivatives(plain), Derivatives(inPlace), 1e-13);
        using (Anomaly.Detect()) AssertSame(Derivatives(plain), Derivatives(inPlace), 1e-13);
        AssertSame(Derivatives(plain), Derivatives((x, v) => Autograd.Checkpoint(i => inPlace(i[0], i[1]), [x, v])), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_recorded_under_NoGrad(string name)
    {
        var (_, inPlace, plain) = Functions.Single(f => f.Name == name);
        var (x, v) = Leaves();
        using var off = Autograd.NoGrad();
        var y = inPlace(x, v);
        Assert.False(y.RequiresGrad);
        Assert.Equal(plain(x, v).ToArray<double>(), y.ToArray<double>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unrolled_network_fills_its_states_step_by_step(bool hasScope)
    {
        const int steps = 7;
        var cell = new Linear(5, 3, generator: new Generator(1));
        var x = Tensor.Randn(new Shape(4, steps, 2), generator: new Generator(2));
        Tensor Run(bool inPlace)
        {
            var all = Tensor.Zeros(4, steps, 3);
            var kept = new List<Tensor>();
            var h = Tensor.Zeros(4, 3);
            for (int t = 0; t < steps; t++)
            {
                h = cell.Forward(Tensor.Cat([x[.., t], h], 1)).Tanh();
                if (inPlace) all[.., t] = h;
                else kept.Add(h);
            }
            return inPlace ? all : Tensor.Stack(kept.ToArray(), 1);
        }
        List<float[]> Gradients(bool inPlace)
        {
            cell.ZeroGrad();
            var all = Run(inPlace);
            all.Square().Sum().Backward();
            return [all.ToArray(), .. cell.Parameters().Select(p => p.Grad!.ToArray())];
        }
        using var scope = hasScope ? Memory.Scope() : default;
        Assert.Equal(Gradients(inPlace: false), Gradients(inPlace: true));
    }

    [Fact]
    public void A_state_is_read_where_it_was_written()
    {
        var w = Tensor.From<double>(0.5, -1.5).WithGrad();
        var all = Tensor.Zeros(new Shape(4, 2), DType.Float64);
        all[0] = Tensor.Ones(new Shape(2), DType.Float64);
        for (int t = 1; t < 4; t++) all[t] = all[t - 1].Clone() * w;
        all[3].Sum().Backward();
        Assert.Equal([3 * 0.25, 3 * 2.25], w.Grad!.ToArray<double>());
    }

    // One gradient of the whole is written over from step to step: a copy in each would need the memory of a further one.
    [Fact]
    public void Each_write_costs_what_it_writes()
    {
        const int steps = 32, width = 1 << 16, bytes = steps * width * 4;
        var w = Tensor.Ones(1).WithGrad();
        var all = Tensor.Zeros(steps, width);
        var upstream = Tensor.Ones(steps, width);
        long start = Peak();
        for (int t = 0; t < steps; t++) all[t] = w;
        Assert.InRange(Memory.PeakBytes - start, 0, 4 << 20);
        start = Peak();
        all.Backward(upstream);
        Assert.InRange(Memory.PeakBytes - start, bytes - (1 << 20), bytes + (4 << 20));
        Assert.Equal(steps * width, w.Grad!.Item());

        static long Peak()
        {
            Memory.Reclaim();
            Memory.ResetPeak();
            return Memory.PeakBytes;
        }
    }

    [Fact]
    public void Spoilt_values_are_errors()
    {
        var (x, v) = Leaves();
        foreach (var (op, spoil) in new (string, Func<Tensor>)[]
        {
            ("exp", () => x.Exp().AddInPlace(1)),
            ("sigmoid", () => Changed(x.Sigmoid(), y => y[0] = v)),
            ("mul", () => { var y = x * 1; var z = y * v; y[1] = v; return z; }),
            ("square", () => { var y = x * 1; var z = y.Square(); y.T[0].FillInPlace(0); return z + y; }),
            ("matmul", () => { var y = x * 1; var z = y.MatMul(v); y.MulInPlace(2); return z; }),
            ("mul", () => { var all = Tensor.Zeros(new Shape(3, 2), DType.Float64); all[0] = v; all[1] = all[0] * v; return all; }),
            ("mul", () => { var factor = v + 0; var y = (x * 1).MulInPlace(factor); factor.AddInPlace(1); return y; }),
            ("index_put", () => { var places = Tensor.From<long>(0, 2); var y = x * 1; y[places] = v; places[0] = 1; return y; }),
            ("where", () => { var mask = x > 0; var y = x * 1; y[mask] = v[0]; mask[0] = true; return y; }),
            ("mul", () => { using (Autograd.NoGrad()) { } var y = x * 1; var z = y * v; y.Detach()[0] = 0; return z; }),
        })
        {
            var y = spoil();
            var error = Assert.Throws<InvalidOperationException>(() => y.Sum().Backward());
            Assert.StartsWith($"[{op}] a tensor of shape", error.Message, StringComparison.Ordinal);
            Assert.Contains("was changed in place", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Memory_shared_with_a_detached_tensor_that_was_changed_is_an_error()
    {
        var (x, v) = Leaves();
        var y = x * 2;
        var view = y[0];
        y.Detach()[1] = v;
        Assert.Contains("shares its memory with a detached tensor", Assert.Throws<InvalidOperationException>(() => y + 1).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => view + 1);
        Assert.Throws<InvalidOperationException>(() => y.Sum());
        Assert.Throws<InvalidOperationException>(() => y[0]);
        Assert.Throws<InvalidOperationException>(() => y.Backward(x));
        using (Autograd.NoGrad()) Assert.Equal([1.5, -0.75], y[1].ToArray<double>());
    }

    [Fact]
    public void A_detached_tensor_stays_detached()
    {
        var (x, v) = Leaves();
        var y = x * 2;
        var (before, view) = (y.Detach(), y[0].Detach());
        y[0] = v;
        var after = y.Detach();
        Assert.All(new[] { before, view, after, after[0], before.T }, t => Assert.False((t + 1).RequiresGrad));
        Assert.Equal([1.5, -0.75], view.ToArray<double>());
        Assert.True(y.RequiresGrad);
        Tensor made;
        using (Autograd.NoGrad()) made = y[0];
        Assert.False(made.RequiresGrad);
    }

    [Fact]
    public void A_view_that_was_made_a_leaf_keeps_its_own_history()
    {
        var memory = Tensor.Zeros(2, 2);
        var leaf = memory[0].WithGrad();
        memory[1] = Tensor.Ones(1).WithGrad() * 3;
        Assert.True(memory.RequiresGrad);
        Assert.Throws<InvalidOperationException>(() => leaf * 2);
    }

    [Fact]
    public void An_input_of_a_checkpoint_cannot_be_changed()
    {
        var (x, v) = Leaves();
        Assert.StartsWith("[checkpoint] the function changed its input 0 of shape (3, 2) in place",
            Assert.Throws<InvalidOperationException>(() => Autograd.Checkpoint(y => { y[0] = v; return y * 2; }, x * 1)).Message);
    }

    [Fact]
    public void Hooks_and_retained_gradients_are_those_of_the_values_that_had_them()
    {
        var (x, v) = Leaves();
        var y = x * 1;
        Tensor? before = null, after = null;
        using var first = y.RegisterHook(g => { before = g.Clone(); return null; });
        y.RetainGrad();
        y[1] = v;
        using var second = y.RegisterHook(g => { after = g.Clone(); return g * 2; });
        y.Sum().Backward();
        Assert.Equal([2.0, 2, 0, 0, 2, 2], before!.ToArray<double>());
        Assert.Equal([1.0, 1, 1, 1, 1, 1], after!.ToArray<double>());
        Assert.Equal([2.0, 2, 2, 2, 2, 2], y.Grad!.ToArray<double>());
        Assert.Equal([2.0, 2], v.Grad!.ToArray<double>());
    }

    [Fact]
    public void Anomaly_detection_names_the_change()
    {
        using var on = Anomaly.Detect();
        var (x, v) = Leaves();
        var y = x * 1;
        Assert.StartsWith("[div]", Assert.Throws<AnomalyException>(() => y[0].DivInPlace(v * 0)).Message);
        Assert.StartsWith("[index_put]", Assert.Throws<AnomalyException>(() => y[1] = double.NaN).Message);
    }

    [Fact]
    public void A_graph_is_retained_and_walked_again()
    {
        var (x, v) = Leaves();
        var y = x * 1;
        y[new[] { 0, 2 }] = v;
        y[1, 0] = v[0] * 2;
        var loss = (y * Weights(y)).Sum();
        loss.Backward(retainGraph: true);
        double[] once = v.Grad!.ToArray<double>();
        v.ZeroGrad();
        loss.Backward();
        Assert.Equal(once, v.Grad!.ToArray<double>());
        Assert.Equal([1 + 5 + 2 * 3, 2.0 + 6], once);
        Assert.Throws<InvalidOperationException>(() => loss.Backward());
    }

    [Fact]
    public void A_sum_in_place_may_begin_with_a_number()
    {
        var (x, _) = Leaves();
        Tensor total = 0.0;
        foreach (var row in x) total.AddInPlace(row.Square().Sum());
        (total * 2).Backward();
        Assert.Equal((x.Detach() * 4).ToArray<double>(), x.Grad!.ToArray<double>());
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void Half_types_pass_gradients_on(DType dtype)
    {
        var x = Tensor.From<float>(1, 2, 3).WithGrad();
        var y = Tensor.Zeros(new Shape(3), dtype);
        y[1..] = x[1..] * 2;
        y.MulInPlace(3);
        Assert.Equal([0f, 12, 18], y.ToArray());
        y.To(DType.Float32).Sum().Backward();
        Assert.Equal([0f, 6, 6], x.Grad!.ToArray());
    }

    [Fact]
    public void Numbers_drawn_in_place_cut_the_history()
    {
        var (x, v) = Leaves();
        var y = x * 1;
        y[0].FillUniform(generator: new Generator(1));
        (y * Weights(y)).Sum().Backward();
        Assert.Equal([0.0, 0, 3, 4, 5, 6], x.Grad!.ToArray<double>());
        var z = (v * 2).FillNormal();
        z.Sum().Backward();
        Assert.Null(v.Grad);
    }

    [Fact]
    public void Threads_fill_tensors_of_their_own_and_read_a_shared_one()
    {
        var w = Tensor.From<double>(0.5, -1.5).WithGrad();
        var shared = Tensor.Zeros(new Shape(8, 2), DType.Float64);
        Tensor[] old = [.. shared.Unbind()];
        for (int t = 0; t < 8; t++) shared[t] = w * (t + 1);
        var found = new (double[] Gradient, Tensor Row)[8];
        Parallel.For(0, 8, i =>
        {
            var all = Tensor.Zeros(new Shape(5, 2), DType.Float64);
            for (int t = 0; t < 5; t++) all[t] = w * (i + t);
            found[i] = (Autograd.Grad(all.Sum(), [w])[0].ToArray<double>(), old[i] * w);
        });
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal([5.0 * i + 10, 5.0 * i + 10], found[i].Gradient);
            Assert.Equal([i + 1.0, -3 * (i + 1.0)], Autograd.Grad(found[i].Row.Sum(), [w], retainGraph: true)[0].ToArray<double>());
        }
    }

    [Fact]
    public void Foreach_goes_through_the_first_axis()
    {
        var x = Tensor.Arange(6f).Reshape(3, 2);
        var rows = new List<float[]>();
        foreach (var row in x)
        {
            rows.Add(row.ToArray());
            row.AddInPlace(1);
        }
        Assert.Equal([[0f, 1], [2f, 3], [4f, 5]], rows);
        Assert.Equal([1f, 2, 3, 4, 5, 6], x.ToArray());
        foreach (var _ in Tensor.Zeros(0, 3)) Assert.Fail("There is no row.");
        Assert.StartsWith("[foreach] a tensor without axes", Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var _ in Tensor.Zeros()) { }
        }).Message);
    }
}
