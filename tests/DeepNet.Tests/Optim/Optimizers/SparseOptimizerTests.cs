using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Steps by rows: SGD and AdaGrad as if the gradient were dense, to the bit; SparseAdam as PyTorch's formula says.</summary>
public class SparseOptimizerTests
{
    private const int Rows = 12, Columns = 5;

    private static Embedding Table(bool sparse, DType dtype = DType.Float32)
        => (Embedding)new Embedding(Rows, Columns, generator: new Generator(3), sparse: sparse).To(dtype);

    // Rows that meet, and steps that use different ones.
    private static int[] Ids(int step) => [(3 * step) % Rows, (5 * step + 1) % Rows, (3 * step) % Rows, 7];

    private static void Backward(Embedding table, int step, double scale = 1)
    {
        var rows = table.Forward(Tensor.From(Ids(step)));
        (rows.Square().Sum() * scale).Backward();
    }

    private static float[] Train(Embedding table, Optimizer optimizer, int from = 0, int to = 6)
    {
        for (int step = from; step < to; step++)
        {
            optimizer.ZeroGrad();
            Backward(table, step);
            Assert.Equal(table.Sparse, table.Weight.SparseGrad is not null);
            optimizer.Step();
        }
        return table.Weight.Value.ToArray();
    }

    public static TheoryData<string> Exact => ["sgd", "value", "ascent", "group", "adagrad", "mean"];

    private static Optimizer Make(string kind, Embedding table) => kind switch
    {
        "sgd" => new Sgd(table.Parameters(), learningRate: 0.1),
        "value" => new Sgd(table.Parameters(), learningRate: 0.1) { ClipValue = 0.5 },
        "ascent" => new Sgd(table.Parameters(), learningRate: 0.01) { Maximize = true },
        "group" => new Sgd(
            [new ParameterGroup(table.Parameters(), momentum: 0), new ParameterGroup(new Linear(2, 2).Parameters())],
            new() { LearningRate = 0.1, Momentum = 0.9 }),
        "adagrad" => new AdaGrad(
            table.Parameters(), new AdaGradOptions { LearningRate = 0.1, LearningRateDecay = 0.1, InitialSum = 0.1 }),
        _ => new AdaGrad(table.Parameters(), new AdaGradOptions { LearningRate = 0.1, Scale = AdaGradScale.RootMean }),
    };

    [Theory]
    [MemberData(nameof(Exact))]
    public void The_same_bits_as_with_a_dense_gradient(string kind)
    {
        Embedding dense = Table(false), rows = Table(true);
        Assert.Equal(Train(dense, Make(kind, dense)), Train(rows, Make(kind, rows)));
    }

    [Fact]
    public void SparseAdam_as_its_formula_says()
    {
        const double Lr = 0.02, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3;
        var table = Table(true, DType.Float64);
        var optimizer = new SparseAdam(
            table.Parameters(), new SparseAdamOptions { LearningRate = Lr, Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon });
        double[] p = table.Weight.Value.ToArray<double>(), m = new double[p.Length], v = new double[p.Length];
        for (int step = 1; step <= 8; step++)
        {
            var g = new double[p.Length];
            foreach (int id in Ids(step))
                for (int k = id * Columns; k < (id + 1) * Columns; k++) g[k] += 2 * p[k];
            double rate = Lr * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step));
            foreach (int id in Ids(step).Distinct())
            {
                for (int k = id * Columns; k < (id + 1) * Columns; k++)
                {
                    m[k] += (1 - Beta1) * (g[k] - m[k]);
                    v[k] += (1 - Beta2) * (g[k] * g[k] - v[k]);
                    p[k] -= rate * m[k] / (Math.Sqrt(v[k]) + Epsilon);
                }
            }
            optimizer.ZeroGrad();
            Backward(table, step);
            optimizer.Step();
            Problem.AssertClose(p, table.Weight.Value.ToArray<double>(), 1e-12, $"step {step}");
        }
        var state = optimizer.SaveState();
        Problem.AssertClose(m, state.Tensors["weight/exp_avg"].ToArray<double>(), 1e-12, "means");
        Problem.AssertClose(v, state.Tensors["weight/exp_avg_sq"].ToArray<double>(), 1e-12, "squares");
    }

    [Fact]
    public void SparseAdam_moves_dense_parameters_too()
    {
        Embedding dense = Table(false);
        var linear = new Linear(Columns, 2, generator: new Generator(1));
        var optimizer = new SparseAdam(
            [.. dense.Parameters(), .. linear.Parameters()], new SparseAdamOptions { LearningRate = 0.01, Epsilon = 0 });
        var adam = (Embedding)dense.Clone();
        var other = (Linear)linear.Clone();
        var reference = new Adam([.. adam.Parameters(), .. other.Parameters()], new AdamOptions { LearningRate = 0.01, Epsilon = 0 });
        foreach (var (e, l, o) in new[] { (dense, linear, (Optimizer)optimizer), (adam, other, reference) })
        {
            l.Forward(e.Forward(Tensor.Arange(Rows))).Square().Sum().Backward();
            o.Step();
        }
        Assert.Equal(adam.Weight.Value.ToArray(), dense.Weight.Value.ToArray());
        Assert.Equal(other.Weight.Value.ToArray(), linear.Weight.Value.ToArray());
    }

    [Fact]
    public void A_saved_run_goes_on_bit_by_bit()
    {
        Embedding whole = Table(true), broken = Table(true);
        float[] expected = Train(whole, new SparseAdam(whole.Parameters(), learningRate: 0.1));
        var first = new SparseAdam(broken.Parameters(), learningRate: 0.1);
        Train(broken, first, to: 3);
        var second = new SparseAdam(broken.Parameters());
        second.LoadState(first.SaveState());
        Assert.Equal(expected, Train(broken, second, from: 3));
    }

    [Fact]
    public void Clipping_by_norm_and_value()
    {
        float[] After(bool sparse, double? norm, double? value)
        {
            var table = Table(sparse);
            var optimizer = new Sgd(table.Parameters(), learningRate: 0.1) { ClipNorm = norm, ClipValue = value };
            Backward(table, 1);
            optimizer.Step();
            if (norm is not null) Assert.InRange(optimizer.LastGradientNorm, 1.5, 20);
            return table.Weight.Value.ToArray();
        }
        foreach (var (norm, value) in new (double?, double?)[] { (1, null), (null, 0.9), (1, 0.9) })
        {
            float[] dense = After(false, norm, value), rows = After(true, norm, value);
            for (int i = 0; i < dense.Length; i++) Assert.InRange(rows[i] - dense[i], -1e-7f, 1e-7f);
        }
    }

    [Fact]
    public void LossScaler_divides_rows_and_leaves_out_overflows()
    {
        Embedding dense = Table(false), rows = Table(true);
        foreach (var table in new[] { dense, rows })
        {
            var optimizer = new Sgd(table.Parameters(), learningRate: 0.1);
            var scaler = new LossScaler(1024);
            Backward(table, 1, scaler.Factor);
            Assert.True(scaler.Step(optimizer));
            optimizer.ZeroGrad();
            Backward(table, 2, double.PositiveInfinity);
            Assert.False(scaler.Step(optimizer));
            Assert.Equal(512, scaler.Factor);
        }
        Assert.Equal(dense.Weight.Value.ToArray(), rows.Weight.Value.ToArray());
    }

    [Fact]
    public void Optimizers_that_move_every_row_refuse_and_change_nothing()
    {
        var table = Table(true);
        var linear = new Linear(Columns, 1);
        Parameter[] all = [.. linear.Parameters(), .. table.Parameters()];
        linear.Forward(table.Forward(Tensor.From(1, 2))).Sum().Backward();
        float[] before = [.. all.SelectMany(p => p.Value.ToArray())];
        const string Takes = "SGD without momentum (a ParameterGroup may have its own), AdaGrad and SparseAdam take it; "
            + "or make the embedding without sparse: true.";
        foreach (var optimizer in new Optimizer[]
        {
            new Adam(all), new AdamW(all), new NAdam(all), new RAdam(all), new Adamax(all), new Lion(all),
            new RmsProp(all), new AdaDelta(all), new Sgd(all, 0.1, momentum: 0.9),
        })
        {
            string text = Assert.Throws<InvalidOperationException>(optimizer.Step).Message;
            Assert.Equal(
                $"[{optimizer.Name}] weight float32 (12, 5) has a sparse gradient, and what is remembered moves every row in every step. "
                + Takes, text);
            var steps = optimizer.SaveState().Numbers.Where(n => n.Key.EndsWith("/step", StringComparison.Ordinal));
            Assert.All(steps, n => Assert.Equal(0, n.Value));
        }
        foreach (var optimizer in new[]
        {
            new Sgd(all, 0.1) { WeightDecay = 0.1 }, new Sgd(all, 0.1) { WeightDecay = 0.1, DecoupledDecay = true },
            new Sgd(all, 0.1) { L1 = 0.1, ProximalL1 = true },
        })
        {
            string text = Assert.Throws<InvalidOperationException>(optimizer.Step).Message;
            Assert.StartsWith(
                "[sgd] weight float32 (12, 5) has a sparse gradient, and weight decay and the L1 penalty would move every row of it.",
                text, StringComparison.Ordinal);
        }
        var closure = Assert.Throws<InvalidOperationException>(
            () => new Lbfgs(all).Step(() => linear.Forward(table.Forward(Tensor.From(1))).Sum()));
        Assert.StartsWith("[lbfgs] weight float32 (12, 5) has a sparse gradient", closure.Message, StringComparison.Ordinal);
        Assert.Equal(before, all.SelectMany(p => p.Value.ToArray()));
        ParameterGroup[] groups = [new(table.Parameters()) { WeightDecay = 0 }, new(linear.Parameters())];
        new Sgd(groups, new() { LearningRate = 0.1, WeightDecay = 0.1 }).Step();
        Assert.NotEqual(before, all.SelectMany(p => p.Value.ToArray()));
    }
}
