using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Optim;

/// <summary>Optimizers that PyTorch 1.13 lacks, over 50 steps against the formulas of their papers, which numpy computed.</summary>
public class PaperTests
{
    private static readonly Shape[] Several = [new(5, 3), new(4), new(2, 3, 2), new(1, 6), Shape.Scalar];

    private static readonly Dictionary<string, Func<Parameter[], Optimizer>> Makers = new()
    {
        ["lamb"] = p => new Lamb(p, 0.02),
        ["lamb without decay"] = p => new Lamb(p, new LambOptions { LearningRate = 0.01, WeightDecay = 0, Beta2 = 0.99 }),
        ["adafactor"] = p => new Adafactor(p, 0.05),
        ["adafactor of several shapes"] = p => new Adafactor(p, 0.05),
        ["adafactor by the rate"] = p => new Adafactor(
            p, new AdafactorOptions { LearningRate = 0.02, WeightDecay = 0.1, Decay = 0.7, ScaleByParameter = false }),
        ["muon"] = p => new Muon(p, 0.02),
        ["muon of several shapes"] = p => new Muon(p, 0.02),
        ["muon original"] = p => new Muon(
            p, new MuonOptions { LearningRate = 0.02, WeightDecay = 0, Momentum = 0.9, Nesterov = false, Scale = MuonScale.Original }),
        ["lookahead of momentum"] = p => new Lookahead(new Sgd(p, 0.02, 0.9)),
        ["lookahead of adam"] = p => new Lookahead(new Adam(p, 0.02), 3, 0.8),
        ["sam"] = p => new Sam(new Sgd(p, 0.02, 0.9), 0.5),
        ["sam adaptive"] = p => new Sam(new Adam(p, 0.02), 1, adaptive: true),
    };

    public static TheoryData<string> All => [.. Makers.Keys];

    private static Problem Start(string name, DType dtype)
        => new(dtype, name.Contains("several", StringComparison.Ordinal) || name == "muon original" ? Several : []);

    private static void Step(Optimizer optimizer, Problem problem, int t) => optimizer.Step(() =>
    {
        problem.Gradients(t);
        return Tensor.From(0.0).Reshape();
    });

    [Theory]
    [MemberData(nameof(All))]
    public void Follow_the_formulas(string name)
    {
        foreach (var (dtype, tolerance) in new[] { (DType.Float64, 1e-9), (DType.Float32, 2e-4) })
        {
            var problem = Start(name, dtype);
            var optimizer = Makers[name](problem.Parameters);
            int row = 0;
            for (int t = 1; t <= 50; t++)
            {
                Step(optimizer, problem, t);
                if (t is not (1 or 7 or 50)) continue;
                var golden = Problem.Papers("optimizers").GetProperty(name)[row++];
                Problem.AssertClose([.. golden.EnumerateArray().Select(x => x.GetDouble())], problem.Values, tolerance, $"step {t}");
            }
        }
    }

    [Fact]
    public void All_golden_cases_are_run()
        => Assert.Equal(Problem.Papers("optimizers").EnumerateObject().Select(o => o.Name).Order(), Makers.Keys.Order());

    [Theory]
    [MemberData(nameof(All))]
    public void A_loaded_state_goes_on_bit_by_bit(string name)
    {
        var (one, two) = (Start(name, DType.Float32), Start(name, DType.Float32));
        var (first, second) = (Makers[name](one.Parameters), Makers[name](two.Parameters));
        for (int t = 1; t <= 11; t++) Step(first, one, t);
        var state = first.SaveState();
        for (int k = 0; k < one.Parameters.Length; k++) two.Parameters[k].Value.CopyFromQuietly(one.Parameters[k]);
        for (int t = 12; t <= 24; t++) Step(first, one, t);
        second.LearningRate = 3;
        second.LoadState(state);
        for (int t = 12; t <= 24; t++) Step(second, two, t);
        Assert.Equal(one.Values, two.Values);
        Assert.Throws<ArgumentException>(() => new Sgd(one.Parameters, 0.1).LoadState(state));
        state.Tensors[state.Tensors.Keys.First()] = Tensor.Zeros(9, 9);
        Assert.Contains("shape (9, 9) where", Assert.Throws<ArgumentException>(() => second.LoadState(state)).Message);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Threads_change_no_bit_and_empty_tensors_are_no_obstacle(string name)
    {
        int threads = CpuDevice.Threads;
        try
        {
            double[][] results = [.. new[] { 1, 2, 3 }.Select(n =>
            {
                CpuDevice.Threads = n;
                var problem = new Problem(DType.Float32, new(9), new(257, 129), new(1), new(0, 3), new(3, 0), Shape.Scalar, new(40, 3, 11));
                var optimizer = Makers[name](problem.Parameters);
                for (int t = 1; t <= 3; t++) Step(optimizer, problem, t);
                return problem.Values;
            })];
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
            Assert.All(results[0], v => Assert.True(double.IsFinite(v)));
        }
        finally
        {
            CpuDevice.Threads = threads;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Steps_keep_no_memory(string name)
    {
        var problem = new Problem(DType.Float32, new(70, 30), new(3));
        var optimizer = Makers[name](problem.Parameters);
        problem.Gradients(1);
        long live = 0;
        for (int t = 1; t <= 15; t++)
        {
            optimizer.Step(() => problem.Parameters[0].Grad!);
            if (t == 5) live = Memory.LiveBytes;
        }
        Assert.Equal(live, Memory.LiveBytes);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Clipping_decay_and_strided_parameters_are_those_of_every_optimizer(string name)
    {
        var plain = new Problem(DType.Float64);
        var strided = new Problem(DType.Float64);
        // A parameter that lies the other way round in memory.
        strided.Parameters[0].Replace(strided.Parameters[0].Value.Detach().T.Contiguous().T);
        var (one, two) = (Makers[name](plain.Parameters), Makers[name](strided.Parameters));
        foreach (var optimizer in new[] { one, two }) (optimizer.ClipNorm, optimizer.L1, optimizer.DecoupledDecay) = (0.5, 0.01, false);
        for (int t = 1; t <= 4; t++)
        {
            Step(one, plain, t);
            Step(two, strided, t);
        }
        Problem.AssertClose(plain.Values, strided.Values, 1e-12, "strided");
        Assert.True(one.LastGradientNorm > 0.5);
        // Frozen, and without a gradient.
        double[] before = plain.Parameters[1].Value.ToArray<double>();
        one.Step(() =>
        {
            plain.Gradients(5);
            plain.Parameters[1].Grad = null;
            return Tensor.From(0.0).Reshape();
        });
        if (one is not Lookahead) Assert.Equal(before, plain.Parameters[1].Value.ToArray<double>());
    }

    [Fact]
    public void Options_are_checked()
    {
        Parameter[] p = [new(Tensor.Ones(2, 2))];
        Assert.Contains("Beta2 is 1", Message(() => new Lamb(p, new LambOptions { Beta2 = 1 })));
        Assert.Contains("Iterations is 0", Message(() => new Muon(p, new MuonOptions { Iterations = 0 })));
        Assert.Contains("ClipThreshold is 0", Message(() => new Adafactor(p, new AdafactorOptions { ClipThreshold = 0 })));
        Assert.Contains("steps is 0", Message(() => new Lookahead(new Sgd(p, 0.1), 0)));
        Assert.Contains("rho is -1", Message(() => new Sam(new Sgd(p, 0.1), -1)));
        Assert.Contains("[sam] lbfgs takes several gradients a step itself", Assert.Throws<ArgumentException>(
            () => new Sam(new Lbfgs(p))).Message);
        Assert.Contains("[sam] a step takes two gradients", Assert.Throws<InvalidOperationException>(
            () => new Sam(new Sgd(p, 0.1)).Step()).Message);

        static string Message(Func<Optimizer> make) => Assert.Throws<ArgumentOutOfRangeException>(make).Message;
    }
}
