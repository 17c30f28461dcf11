using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public class TrainerTests
{
    [Fact]
    public void Fit_learns_and_tells_all_about_it()
    {
        var model = Small.Model();
        var trainer = Small.Trainer(model);
        var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 6);

        Assert.Equal(TrainingEnd.Completed, history.End);
        Assert.Equal(6, history.Epochs.Count);
        Assert.Equal(["loss", "accuracy", "val_loss", "val_accuracy"], history.Names);
        Assert.Equal(6 * Small.Batches, trainer.Step);
        Assert.Equal(6 * Small.Batches, history.StepLosses.Count);
        Assert.True(history["val_accuracy"][^1] > 0.8, $"{history.Last}");
        Assert.True(history["loss"][^1] < history["loss"][0]);
        Assert.Equal(history.Last!["val_accuracy"], trainer.Evaluate(Small.Validation())["accuracy"]);
        Assert.True(model.IsTraining);
    }

    [Fact]
    public void Each_module_is_in_the_mode_it_was_in_whichever_way_the_run_ends()
    {
        foreach (bool fails in new[] { false, true })
        {
            var model = Small.Model();
            var parts = model.Modules().ToDictionary(m => m.Path, m => m.Module);
            parts["norm"].Eval();                       // frozen on purpose
            var seen = new List<(string, bool)>();
            var probe = new Probe
            {
                Step = (_, s) =>
                {
                    if (s.Step == 1) seen.AddRange(model.Modules().Select(m => (m.Path, m.Module.IsTraining)));
                    if (fails) throw new InvalidOperationException("enough");
                },
            };
            Check(model, probe, fails);
            Assert.Equal([("", true), ("fc1", true), ("fc2", true), ("norm", false), ("drop", true)], seen);
            Assert.Equal(seen, model.Modules().Select(m => (m.Path, m.Module.IsTraining)));

            var evaluated = Small.Model();
            evaluated.Eval();
            Check(evaluated, new Probe
            {
                Step = (_, _) =>
                {
                    Assert.True(evaluated.IsTraining);
                    if (fails) throw new InvalidOperationException("enough");
                },
            }, fails);
            Assert.All(evaluated.Modules(), m => Assert.False(m.Module.IsTraining));
        }

        static void Check(Small.Net model, Probe probe, bool fails)
        {
            var trainer = Small.Trainer(model, probe);
            if (fails) Assert.Throws<InvalidOperationException>(() => trainer.Fit(Small.Train(), Small.Validation()));
            else trainer.Fit(Small.Train(), Small.Validation());
        }
    }

    [Fact]
    public void Two_runs_of_one_seed_are_the_same_to_the_bit()
    {
        var (a, b) = (Small.Model(), Small.Model());
        Small.Trainer(a).Fit(Small.Train(), Small.Validation(), epochs: 2);
        Generator.SetSeed(99);
        Small.Trainer(b).Fit(Small.Train(), epochs: 2);         // nor does validation change anything
        Assert.Equal(Small.Weights(a), Small.Weights(b));
    }

    [Fact]
    public void Epochs_count_the_whole_run()
    {
        var trainer = Small.Trainer(Small.Model());
        trainer.Fit(Small.Train(), epochs: 2);
        // A second call that would train nothing is a mistake, and not passed over.
        string text = Assert.Throws<InvalidOperationException>(() => trainer.Fit(Small.Train(), epochs: 2)).Message;
        Assert.Equal("[trainer] Fit(epochs: 2) would train nothing: epoch 2 of the run is done, and epochs counts those of the whole "
            + "run, not further ones. To train 2 more, ask for epochs: 4; for a new run, make a new trainer.", text);
        Assert.Equal(5, trainer.Fit(Small.Train(), epochs: 5).Epochs.Count);
        Assert.Equal([1, 2, 3, 4, 5], trainer.History.Epochs.Select(e => e.Epoch));
    }

    [Fact]
    public void Two_runs_of_one_trainer_at_once_are_an_error_that_says_which()
    {
        string? within = null, resumed = null, beside = null;
        Trainer? trainer = null;
        trainer = Small.Trainer(Small.Model(), new Probe
        {
            Step = (_, step) =>
            {
                if (step.Step > 1) return;
                within = Assert.Throws<InvalidOperationException>(() => trainer!.Fit(Small.Train())).Message;
                resumed = Assert.Throws<InvalidOperationException>(() => trainer!.Resume("run")).Message;
                var other = new Thread(() => beside = Assert.Throws<InvalidOperationException>(() => trainer!.Fit(Small.Train())).Message);
                other.Start();
                other.Join();
            },
        });
        trainer.Fit(Small.Train());
        const string Within = "[trainer] Fit was called within Fit, by a callback or a step. "
            + "Evaluate and Predict may be; Fit comes before or after.";
        Assert.Equal(Within, within);
        Assert.StartsWith("[trainer] Resume was called within Fit", resumed, StringComparison.Ordinal);
        Assert.StartsWith("[trainer] Fit was called while Fit of this trainer runs on another thread", beside, StringComparison.Ordinal);
        Assert.Equal(Small.Batches, trainer.Step);
    }

    [Theory]
    [InlineData(2, 8, 16)]
    [InlineData(3, 16, 48)]         // groups of three, three and two batches, the last one not full
    [InlineData(100, 16, 120)]      // all batches in one step
    public void Accumulated_batches_are_one_large_batch(int accumulate, int batchSize, int large)
    {
        Module Run(int size, int count)
        {
            Generator.SetSeed(1);
            var model = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 3));
            var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1, momentum: 0.9), Loss.CrossEntropy)
            {
                Accumulate = count, Progress = ProgressStyle.None,
            };
            trainer.Fit(Small.Train(size), epochs: 3);
            Assert.Equal(3 * ((Small.Examples + large - 1) / large), trainer.Step);
            return model;
        }
        float[] one = Small.Weights(Run(large, 1)), many = Small.Weights(Run(batchSize, accumulate));
        for (int i = 0; i < one.Length; i++) Assert.InRange(many[i] - one[i], -1e-6f, 1e-6f);
    }

    [Fact]
    public void An_embedding_with_sparse_gradients_trains_as_a_dense_one()
    {
        float[] Train(bool sparse)
        {
            Generator.SetSeed(1);
            var model = new Sequential(new Embedding(40, 6, sparse: sparse), new Flatten(), new Linear(12, 3));
            var ids = Tensor.RandInt(0, 40, new Shape(60, 2), generator: new Generator(2));
            var data = new TensorDataset(ids, ids.Narrow(1, 0, 1).Reshape(-1) % 3);
            var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1) { ClipValue = 0.01 }, Loss.CrossEntropy)
            {
                Accumulate = 2, Progress = ProgressStyle.None,
            };
            trainer.Fit(new DataLoader(data, 8), epochs: 2);
            return Small.Weights(model);
        }
        Assert.Equal(Train(false), Train(true));
    }

    [Fact]
    public void Gradients_are_clipped_by_norm_and_by_value()
    {
        double Largest(double? norm, double? value)
        {
            var model = Small.Model(dropout: 0);
            var optimizer = new Sgd(model.Parameters(), learningRate: 1) { ClipNorm = norm, ClipValue = value };
            var trainer = new Trainer(model, optimizer, Loss.CrossEntropy) { Progress = ProgressStyle.None };
            float[] before = [.. model.Parameters().SelectMany(p => p.Value.ToArray())];
            var once = new DataLoader(Small.Blobs(), Small.Examples);
            trainer.Fit(once);
            float[] after = [.. model.Parameters().SelectMany(p => p.Value.ToArray())];
            double[] change = [.. before.Zip(after, (b, a) => (double)a - b)];
            return norm is not null ? Math.Sqrt(change.Sum(c => c * c)) : change.Max(Math.Abs);
        }
        Assert.True(Largest(norm: 1e6, null) > 0.1);
        Assert.InRange(Largest(norm: 0.01, null), 0.0099, 0.0101);
        Assert.InRange(Largest(null, value: 0.01), 0.0099, 0.0101);
    }

    [Fact]
    public void The_norm_is_reported_before_clipping()
    {
        var norms = new List<double>();
        var model = Small.Model();
        var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1) { ClipNorm = 1e-3 }, Loss.CrossEntropy)
        {
            Progress = ProgressStyle.None,
            Callbacks = [new Probe { Step = (_, step) => norms.Add(step.GradientNorm) }],
        };
        trainer.Fit(Small.Train());
        Assert.All(norms, norm => Assert.True(norm > 1e-2));
    }

    [Fact]
    public void Schedules_count_steps_or_epochs()
    {
        List<double> Rates(ScheduleUnit unit)
        {
            var model = Small.Model();
            var optimizer = new Sgd(model.Parameters(), learningRate: 1);
            var rates = new List<double>();
            new Trainer(model, optimizer, Loss.CrossEntropy)
            {
                Schedule = new Schedule(optimizer, new ExponentialDecay(0.5)),
                ScheduleUnit = unit,
                Progress = ProgressStyle.None,
                Callbacks = [new Probe { Step = (_, step) => rates.Add(step.LearningRate) }],
            }.Fit(Small.Train(batchSize: 60), epochs: 2);
            return rates;
        }
        Assert.Equal([1, 0.5, 0.25, 0.125], Rates(ScheduleUnit.Step));
        Assert.Equal([1, 1, 0.5, 0.5], Rates(ScheduleUnit.Epoch));
    }

    [Fact]
    public void A_plateau_lowers_the_rate()
    {
        var model = Small.Model();
        var optimizer = new Sgd(model.Parameters(), learningRate: 0.1);
        var trainer = new Trainer(model, optimizer, Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            Schedule = new ReduceOnPlateau(optimizer, patience: 0, threshold: 10, relative: false),      // nothing is ever that much better
            ScheduleMonitor = "val_accuracy",
            Progress = ProgressStyle.None,
        };
        trainer.Fit(Small.Train(), Small.Validation(), epochs: 3);
        Assert.Equal(0.1 * 0.1 * 0.1, optimizer.LearningRate, 12);
    }

    [Fact]
    public void An_average_of_the_weights_is_what_is_evaluated()
    {
        var model = Small.Model();
        var average = new ExponentialAverage(model.Parameters(), decay: 0.9);
        var optimizer = new Adam(model.Parameters(), learningRate: 0.05);
        var trainer = new Trainer(model, optimizer, Loss.CrossEntropy) { Average = average, Progress = ProgressStyle.None };
        var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 2);
        Assert.Equal(2 * Small.Batches, average.Updates);
        Assert.NotEqual(history.Last!["val_loss"], trainer.Evaluate(Small.Validation()).Loss);
        average.Swap();
        Assert.Equal(history.Last!["val_loss"], trainer.Evaluate(Small.Validation()).Loss);
    }

    [Fact]
    public void A_step_can_be_anything()
    {
        // Two inputs in one tensor, and a penalty that is no function of output and target.
        Generator.SetSeed(1);
        var model = new Bilinear(1, 1, 1);
        var x = Tensor.Randn(new Shape(64, 2));
        var data = new DataLoader(new TensorDataset(x, x[.., ..1] * x[.., 1..] * 3), 16);
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 0.1), batch =>
        {
            var output = model.Forward(batch.X[.., ..1], batch.X[.., 1..]);
            return new StepOutput(Loss.Mse(output, batch.Y) + 1e-4 * model.Weight.Value.Square().Sum(), output, batch.Y);
        })
        { Progress = ProgressStyle.None };
        trainer.Fit(data, epochs: 40);
        Assert.Equal(3, model.Weight.Value.ToArray()[0], 0.05);
    }

    [Fact]
    public void Optimizers_with_a_line_search_work_too()
    {
        Generator.SetSeed(1);
        var model = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 3));
        var trainer = new Trainer(model, new Lbfgs(model.Parameters(), new LbfgsOptions { MaxIterations = 10 }), Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()], Progress = ProgressStyle.None,
        };
        var history = trainer.Fit(new DataLoader(Small.Blobs(), Small.Examples), epochs: 5);
        Assert.True(history["accuracy"][^1] > 0.85, $"{history.Last}");
    }

    [Fact]
    public void Callbacks_are_called_in_order()
    {
        var events = new List<string>();
        Probe Named(string name) => new()
        {
            Start = _ => events.Add($"{name} start"),
            Gradients = t => events.Add($"{name} gradients {t.Step}"),
            Step = (t, s) => events.Add($"{name} step {s.Step}/{t.Step}"),
            ValidationBatch = _ => events.Add($"{name} validation"),
            Epoch = (t, e) => events.Add($"{name} epoch {e.Epoch}/{t.Epoch}"),
            End = t => events.Add($"{name} end {t.History.End}"),
        };
        Small.Trainer(Small.Model(), Named("a"), Named("b"))
            .Fit(Small.Train(Small.Examples), new DataLoader(Small.Blobs(), Small.Examples));
        Assert.Equal(
        [
            "a start", "b start", "a gradients 0", "b gradients 0", "a step 1/1", "b step 1/1",
            "a validation", "b validation", "a epoch 1/1", "b epoch 1/1", "a end Completed", "b end Completed",
        ], events);
    }

    [Fact]
    public void What_is_logged_becomes_a_figure_of_the_epoch()
    {
        var trainer = Small.Trainer(Small.Model(), new Probe { Step = (t, s) => t.Log("examples", s.Examples) });
        var history = trainer.Fit(Small.Train());
        // Weighted by examples: seven steps of 16 and one of 8.
        Assert.Equal((7 * 16 * 16 + 8 * 8) / 120.0, history.Last!["examples"], 12);
    }

    [Fact]
    public void Memory_stays_flat()
    {
        var trainer = Small.Trainer(Small.Model());
        var train = Small.Train();
        trainer.Fit(train, Small.Validation(), epochs: 2);
        Memory.Reclaim();
        long before = Memory.LiveBytes;
        trainer.Fit(train, Small.Validation(), epochs: 20);
        Memory.Reclaim();
        Assert.InRange(Memory.LiveBytes - before, -20_000, 20_000);
    }
}
