using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.Diagnosis;

/// <summary>Runs made so that it is known what limits them.</summary>
public class TrainingDoctorTests
{
    private static History Run(
        Module model, Func<IReadOnlyList<Parameter>, Optimizer> optimizer, IDataset train, IDataset? validation, int epochs,
        params Callback[] callbacks)
        => new Trainer(model, optimizer(model.Parameters()), Loss.CrossEntropy)
        {
            Callbacks = callbacks, Seed = 1, Progress = ProgressStyle.None,
        }
            .Fit(
                new DataLoader(train, 16, shuffle: true, seed: 2), validation is null ? null : new DataLoader(validation, 100), epochs);

    private static Sequential Mlp(params int[] widths)
    {
        Generator.SetSeed(3);
        var layers = new List<Module>();
        for (int i = 1; i < widths.Length; i++)
        {
            layers.Add(new Linear(widths[i - 1], widths[i]));
            if (i < widths.Length - 1) layers.Add(new Relu());
        }
        return new Sequential(layers);
    }

    private static TensorDataset Moons(int count, ulong seed, double noise = 0.2) => SyntheticData.Moons(count, noise, seed);

    private static History Made(IEnumerable<double> training, IEnumerable<double>? validation = null)
    {
        var history = new History();
        double[] losses = [.. training], checks = [.. validation ?? []];
        history.Restore(
            losses.Select((loss, i) =>
            {
                var values = new Dictionary<string, double> { ["loss"] = loss };
                if (checks.Length > 0) values["val_loss"] = checks[i];
                return new EpochRecord(i + 1, 10 * (i + 1), 1, 0.1, values);
            }),
            [.. losses.SelectMany(l => Enumerable.Repeat((float)l, 10))]);
        return history;
    }

    [Fact]
    public void Random_labels_over_fit()
    {
        var generator = new Generator(4);
        IDataset Random(int count) => new TensorDataset(
            Tensor.Randn(new Shape(count, 20), generator: generator), Tensor.RandInt(0, 2, new Shape(count), generator: generator));
        var history = Run(Mlp(20, 64, 2), p => new Adam(p, learningRate: 0.01), Random(60), Random(200), epochs: 30);
        var found = TrainingDoctor.Examine(history);
        Assert.Equal(TrainingBranch.Overfitting, found.Branch);
        Assert.Contains("lowest in epoch", found.Evidence[0], StringComparison.Ordinal);
        Assert.Contains("EarlyStopping", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_beyond_the_largest_diverges()
    {
        var x = Tensor.Randn(new Shape(64, 4), generator: new Generator(5));
        var data = new TensorDataset(x, x.Sum(1, keepDim: true));
        var model = new Linear(4, 1);
        var history = new Trainer(model, new Sgd(model.Parameters(), learningRate: 1.3), Loss.Mse) { Progress = ProgressStyle.None }
            .Fit(new DataLoader(data, 16), epochs: 8);
        Assert.Equal(TrainingBranch.Diverging, TrainingDoctor.Examine(history).Branch);
    }

    [Fact]
    public void A_small_rate_and_few_epochs_end_too_early()
    {
        var history = Run(Mlp(2, 16, 2), p => new Sgd(p, learningRate: 0.01), Moons(400, 1), Moons(400, 2), epochs: 12);
        Assert.Equal(TrainingBranch.StillLearning, TrainingDoctor.Examine(history).Branch);
    }

    [Fact]
    public void Deep_sigmoids_do_not_learn()
    {
        var layers = new List<Module>();
        Generator.SetSeed(6);
        for (int i = 0; i < 10; i++) layers.AddRange([new Linear(i == 0 ? 2 : 16, 16), new Sigmoid()]);
        layers.Add(new Linear(16, 2));
        var monitor = new ParameterMonitor(every: 10);
        var history = Run(new Sequential(layers), p => new Sgd(p, learningRate: 0.1), Moons(200, 1), Moons(200, 2), epochs: 12, monitor);
        var found = TrainingDoctor.Examine(history, new() { Parameters = monitor.Records });
        Assert.Equal(TrainingBranch.Optimization, found.Branch);
        Assert.Contains(found.Evidence, e => e.Contains("0.weight", StringComparison.OrdinalIgnoreCase));

        // A smaller model that does better tells it without measurements; nothing of either kind leaves it open.
        Assert.Equal(TrainingBranch.Optimization, TrainingDoctor.Examine(history, new() { SmallerModelLoss = 0.1 }).Branch);
        Assert.Equal(TrainingBranch.Unclear, TrainingDoctor.Examine(history).Branch);
    }

    [Fact]
    public void A_line_cannot_part_two_moons()
    {
        var large = Run(Mlp(2, 32, 32, 2), p => new Adam(p, learningRate: 0.01), Moons(300, 1), null, epochs: 30);
        var small = Run(new Linear(2, 2), p => new Adam(p, learningRate: 0.05), Moons(300, 1), Moons(300, 2), epochs: 30);
        var found = TrainingDoctor.Examine(small, new() { Goal = 0.1, LargerModelLoss = large.Last!["loss"] });
        Assert.Equal(TrainingBranch.ModelBias, found.Branch);

        // Without the larger model it may be the one or the other.
        found = TrainingDoctor.Examine(small, new() { Goal = 0.1 });
        Assert.Equal(TrainingBranch.Unclear, found.Branch);
        Assert.Contains("model bias or optimisation", found.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Shifted_validation_examples_are_a_mismatch()
    {
        var (x, y) = Moons(300, 7).All();
        var shifted = new TensorDataset(x + 1.5f, y);
        var model = Mlp(2, 16, 2);
        var trainer =
            new Trainer(model, new Adam(model.Parameters(), learningRate: 0.01), Loss.CrossEntropy) { Progress = ProgressStyle.None };
        var history = trainer.Fit(new DataLoader(Moons(300, 1), 16, shuffle: true), new DataLoader(shifted, 100), epochs: 20);
        double heldOut = trainer.Evaluate(new DataLoader(Moons(300, 2), 100)).Loss;
        Assert.Equal(TrainingBranch.Mismatch, TrainingDoctor.Examine(history, new() { HeldOutLoss = heldOut }).Branch);
    }

    [Fact]
    public void A_run_that_settled_is_healthy()
    {
        var history = Run(new Linear(2, 2), p => new Adam(p, learningRate: 0.02), Moons(600, 1), Moons(600, 2), epochs: 40);
        Assert.Equal(TrainingBranch.Healthy, TrainingDoctor.Examine(history).Branch);
    }

    [Fact]
    public void Few_epochs_tell_nothing()
    {
        Assert.Equal(TrainingBranch.Unclear, TrainingDoctor.Examine(Made([1, 0.9, 0.8, 0.7], [1, 2, 3, 4])).Branch);
        Assert.Equal(TrainingBranch.Unclear, TrainingDoctor.Examine(Made([])).Branch);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_named()
    {
        var found = TrainingDoctor.Examine(Made([1, 2, double.NaN]));
        Assert.Equal(TrainingBranch.Diverging, found.Branch);
        Assert.Contains("not finite", found.Evidence[0], StringComparison.Ordinal);
    }

    /// <summary>
    /// Noise alone is no verdict: of two hundred curves that have settled, none is called over-fitted, unfinished or diverging.
    /// </summary>
    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(100)]
    public void Noise_is_no_evidence(int epochs)
    {
        var wrong = new List<TrainingBranch>();
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            double Noisy(int epoch)
                => (0.5 + Math.Exp(-epoch * 20.0 / epochs)) * (1 + 0.05 * (random.NextDouble() + random.NextDouble() - 1));
            var found = TrainingDoctor.Examine(Made(Enumerable.Range(0, epochs).Select(Noisy), Enumerable.Range(0, epochs).Select(Noisy)));
            if (found.Branch is not (TrainingBranch.Healthy or TrainingBranch.Unclear)) wrong.Add(found.Branch);
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_report_shows_the_diagnosis_at_the_end()
    {
        using var folder = new Folder();
        Run(Mlp(2, 16, 2), p => new Sgd(p, learningRate: 0.01), Moons(400, 1), Moons(400, 2), epochs: 12,
            new TrainingReport(folder["r.html"]));
        string html = File.ReadAllText(folder["r.html"]);
        Assert.Contains("<section id=\"diagnosis\"", html, StringComparison.Ordinal);
        Assert.Contains("still learning", html, StringComparison.Ordinal);
    }
}
