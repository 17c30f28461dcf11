using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.LearningRates;

public class LearningRateFinderTests
{
    private const double Curvature = 7.5;        // the mean of x² of 1, 2, 3, 4

    /// <summary>Fits w·x to 3·x, from w = 0, with plain gradients.</summary>
    private static (Trainer Trainer, DataLoader Data, Parameter Weight) Line(Func<Parameter, Optimizer>? make = null)
    {
        var model = new Linear(1, 1, bias: false);
        using (Autograd.NoGrad()) model.Weight.Value.CopyFrom(Tensor.Zeros(1, 1));
        var x = Tensor.From<float>([1, 2, 3, 4], new Shape(4, 1));
        var trainer = new Trainer(model, make?.Invoke(model.Weight) ?? new Sgd([model.Weight], 0.01), Loss.Mse)
        {
            Progress = ProgressStyle.None,
        };
        return (trainer, new DataLoader(new TensorDataset(x, 3 * x), 4), model.Weight);
    }

    [Fact]
    public void Rates_and_losses_are_those_of_the_formulas()
    {
        var (trainer, data, _) = Line();
        var sweep = new LearningRateFinder { Lowest = 1e-4, Highest = 10, Steps = 51, Smoothing = 0.8 }.Run(trainer, data);
        double w = 0, sum = 0, weight = 0, best = double.PositiveInfinity;
        var smoothed = new List<double>();
        for (int i = 0; i < sweep.Rates.Count; i++)
        {
            double rate = 1e-4 * Math.Pow(1e5, i / 50.0), loss = Curvature * (w - 3) * (w - 3);
            Assert.Equal(rate, sweep.Rates[i], 1e-12 * rate);
            Assert.Equal(loss, sweep.Losses[i], 1e-4 * Math.Max(loss, 1e-3));
            w -= rate * 2 * Curvature * (w - 3);
            (sum, weight) = (0.8 * sum + 0.2 * loss, 0.8 * weight + 0.2);
            smoothed.Add(sum / weight);
            Assert.Equal(sum / weight, sweep.Smoothed[i], 1e-4 * (sum / weight));
            best = Math.Min(best, sum / weight);
        }
        // Beyond a rate of 1 / curvature = 0.133 gradient descent diverges.
        Assert.True(sweep.HasDiverged);
        Assert.InRange(sweep.Rates[^1], 1 / Curvature, 10);
        int lowest = smoothed.IndexOf(best);
        Assert.Equal(sweep.Rates[lowest] / 10, sweep.MinimumTenth);
        int from = sweep.Rates.Count / 10;
        int steepest = Enumerable.Range(from, lowest - from).MinBy(i => smoothed[i + 1] - smoothed[i - 1]);
        Assert.Equal(sweep.Rates[steepest], sweep.Steepest);
        Assert.InRange(sweep.Steepest!.Value, 0.005, 1 / Curvature);
        Assert.InRange(sweep.MinimumTenth, 0.005, 1 / Curvature);
        Assert.Contains("the loss falls fastest at", sweep.ToString());
    }

    [Fact]
    public void Weights_optimizer_and_random_keys_are_put_back()
    {
        Small.Net plain = Small.Model(), tried = Small.Model();
        Trainer one = Trainer(plain), two = Trainer(tried);
        DataLoader first = Small.Train(), second = Small.Train();
        one.Fit(first, epochs: 2);
        var keys = Generator.Default.State;
        Generator.Default.State = keys;
        two.Fit(second, epochs: 2);
        Assert.Equal(Small.Weights(plain), Small.Weights(tried));
        var place = second.State;
        var before = two.Optimizer.SaveState();
        tried.Modules().First(m => m.Path == "norm").Module.Eval();
        var sweep = two.FindLearningRate(second);
        Assert.True(sweep.Rates.Count > 20);
        Assert.Equal(place, second.State);
        Assert.Equal(keys, Generator.Default.State);
        Assert.False(tried.Modules().First(m => m.Path == "norm").Module.IsTraining);
        tried.Modules().First(m => m.Path == "norm").Module.Train();
        Assert.Equal(Small.Weights(plain), Small.Weights(tried));
        var after = two.Optimizer.SaveState();
        Assert.Equal(before.Numbers, after.Numbers);
        Assert.Equal(before.Tensors.Keys, after.Tensors.Keys);
        foreach (var (name, tensor) in before.Tensors) Assert.Equal(tensor.ToArray(), after.Tensors[name].ToArray());
        Assert.Null(two.Optimizer.Groups[1].WeightDecay);
        Assert.Equal(16, two.History.StepLosses.Count);
        Assert.Equal(16, two.Step);

        one.Fit(first, epochs: 4);
        Generator.Default.State = keys;
        two.Fit(second, epochs: 4);
        Assert.Equal(Small.Weights(plain), Small.Weights(tried));
        Assert.Equal(one.History.StepLosses, two.History.StepLosses);

        static Trainer Trainer(Small.Net model)
        {
            var parameters = model.Parameters().ToArray();
            ParameterGroup[] groups = [new(parameters[..2], 0.01), new(parameters[2..], 0.02)];
            return new(model, new Adam(groups, new AdamOptions()), Loss.CrossEntropy)
            {
                Metrics = [new Accuracy()], Seed = 7, Progress = ProgressStyle.None,
            };
        }
    }

    [Fact]
    public void Groups_keep_the_ratios_of_their_rates()
    {
        var model = Small.Model();
        var parameters = model.Parameters().ToArray();
        ParameterGroup[] groups = [new(parameters[..2], 0.01), new(parameters[2..], 0.03)];
        var optimizer = new Sgd(groups, new SgdOptions());
        double worst = 0;
        var trainer = new Trainer(model, optimizer, batch =>
        {
            if (optimizer.Groups[0].LearningRate != 0.01)
                worst = Math.Max(worst, Math.Abs(optimizer.Groups[1].LearningRate / optimizer.Groups[0].LearningRate - 3));
            return new StepOutput(Loss.CrossEntropy(model.Forward(batch.X), batch.Y));
        })
        {
            Progress = ProgressStyle.None,
        };
        trainer.FindLearningRate(Small.Train());
        Assert.InRange(worst, 0, 1e-12);
        Assert.Equal((0.01, 0.03), (optimizer.Groups[0].LearningRate, optimizer.Groups[1].LearningRate));
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_sweep()
    {
        var (trainer, data, weight) = Line();
        var sweep = new LearningRateFinder { Lowest = 1e-3, Highest = 1e30, Steps = 30, Divergence = 1e60 }.Run(trainer, data);
        Assert.True(sweep.HasDiverged);
        Assert.All(sweep.Losses, l => Assert.True(double.IsFinite(l)));
        Assert.Equal(0, weight.Value.ToArray()[0]);

        using (Autograd.NoGrad()) weight.Value.CopyFrom(Tensor.Full(new Shape(1, 1), double.NaN));
        Assert.Contains("is not finite at the learning rate 1E-07 already",
            Assert.Throws<InvalidOperationException>(() => trainer.FindLearningRate(data)).Message);
    }

    [Fact]
    public void A_sweep_that_is_cancelled_puts_everything_back_too()
    {
        using var source = new CancellationTokenSource();
        int calls = 0;
        var model = Small.Model();
        var trainer = new Trainer(model, new Adam(model.Parameters(), 0.1), batch =>
        {
            if (++calls == 5) source.Cancel();
            return new StepOutput(Loss.CrossEntropy(model.Forward(batch.X), batch.Y));
        })
        {
            Progress = ProgressStyle.None,
        };
        float[] before = Small.Weights(model);
        Assert.Throws<OperationCanceledException>(() => trainer.FindLearningRate(Small.Train(), source.Token));
        Assert.Equal(5, calls);
        Assert.Equal(before, Small.Weights(model));
        Assert.Equal(0.1, trainer.Optimizer.LearningRate);
        trainer.Fit(Small.Train(), epochs: 1);
    }

    [Fact]
    public void It_waits_for_no_run_and_no_run_for_it()
    {
        Trainer? trainer = null;
        string message = "";
        var probe = new Probe
        {
            Step = (t, s) =>
            {
                if (s.Step == 1) message = Assert.Throws<InvalidOperationException>(() => t.FindLearningRate(Small.Train())).Message;
            },
        };
        trainer = Small.Trainer(Small.Model(), probe);
        trainer.Fit(Small.Train(), epochs: 1);
        Assert.StartsWith("[trainer] FindLearningRate was called within Fit", message);
    }

    [Fact]
    public void Progress_ends_with_both_suggestions()
    {
        foreach (var style in new[] { ProgressStyle.Lines, ProgressStyle.Bars })
        {
            var output = new StringWriter();
            var model = Small.Model();
            var trainer = new Trainer(model, new Sgd(model.Parameters(), 0.1), Loss.CrossEntropy)
            {
                Progress = style, ProgressOutput = output,
            };
            var sweep = trainer.FindLearningRate(Small.Train());
            Assert.Contains(sweep.ToString(), output.ToString());
        }
    }

    [Fact]
    public void The_plot_has_the_losses_and_the_suggestions()
    {
        var (trainer, data, _) = Line();
        var sweep = trainer.FindLearningRate(data);
        string svg = sweep.Plot().ToSvg();
        Assert.Contains("running mean", svg);
        Assert.Contains("steepest: ", svg);
        Assert.Contains("a tenth of the minimum: ", svg);
    }

    [Fact]
    public void Settings_are_checked()
    {
        var (trainer, data, _) = Line();
        Assert.Contains("Lowest is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { Lowest = 0 }).Message);
        Assert.Contains("the smoothing is 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { Smoothing = 1 }).Message);
        Assert.Contains("the divergence is 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { Divergence = 1 }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateFinder { Steps = 1 });
        Assert.Contains("the highest must be above the lowest", Assert.Throws<InvalidOperationException>(
            () => new LearningRateFinder { Lowest = 1, Highest = 1 }.Run(trainer, data)).Message);
    }
}
