using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

/// <summary>Optimizers that need more of a trainer than a step: two gradients, or other weights for use than for training.</summary>
public class OptimizerTests
{
    private static Trainer Make(Small.Net model, Optimizer optimizer, params Callback[] callbacks)
        => new(model, optimizer, Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()], Callbacks = callbacks, Seed = 7, Progress = ProgressStyle.None,
        };

    [Theory]
    [InlineData("sam"), InlineData("lookahead"), InlineData("muon"), InlineData("schedule free")]
    public void A_resumed_run_ends_with_the_same_bits(string kind)
    {
        using var folder = new Folder();
        Small.Net whole = Small.Model(), first = Small.Model(), second = Small.Model();
        var history = Make(whole, Of(whole)).Fit(Small.Train(), Small.Validation(), epochs: 4);
        Assert.True(history["val_accuracy"][^1] > 0.75, $"{history.Last}");
        Make(first, Of(first), new Checkpoints(folder.Path)).Fit(Small.Train(), Small.Validation(), epochs: 2);
        var resumed = Make(second, Of(second), new Checkpoints(folder.Path));
        Assert.True(resumed.Resume(folder.Path));
        resumed.Fit(Small.Train(), Small.Validation(), epochs: 4);
        Assert.Equal(Small.Weights(whole), Small.Weights(second));
        Assert.Equal(history["val_loss"], resumed.History["val_loss"]);

        Optimizer Of(Module model) => kind switch
        {
            "sam" => new Sam(new Adam(model.Parameters(), 0.02), 0.1),
            "lookahead" => new Lookahead(new Adam(model.Parameters(), 0.02)),
            "muon" => new Muon(model.Parameters(), 0.02),
            _ => new ScheduleFreeAdamW(model.Parameters(), 0.05),
        };
    }

    [Fact]
    public void Evaluation_uses_the_mean_of_a_schedule_free_optimizer_and_changes_nothing()
    {
        Small.Net one = Small.Model(), two = Small.Model();
        ScheduleFreeAdamW first = new(one.Parameters(), 0.05), second = new(two.Parameters(), 0.05);
        Trainer watched = Make(one, first), alone = Make(two, second);
        var history = watched.Fit(Small.Train(), Small.Validation(), epochs: 3);
        alone.Fit(Small.Train(), epochs: 3);
        Assert.Equal(Small.Weights(two), Small.Weights(one));
        double byTrainer = watched.Evaluate(Small.Validation())["loss"];
        Assert.Equal(history["val_loss"][^1], byTrainer);
        var x = Tensor.Randn(new Shape(5, 2), generator: new Generator(1));
        float[] predicted = watched.Predict(x).ToArray();
        Assert.True(first.IsTraining);
        one.Eval();
        float[] trained = one.Forward(x).ToArray();
        first.Eval();
        Assert.Equal(predicted, one.Forward(x).ToArray());
        Assert.NotEqual(predicted, trained);
        Assert.Equal(byTrainer, watched.Evaluate(Small.Validation())["loss"]);
        Assert.False(first.IsTraining);
    }

    [Fact]
    public void The_best_weights_that_are_restored_are_the_mean()
    {
        var model = Small.Model();
        var optimizer = new ScheduleFreeAdamW(model.Parameters(), 0.05);
        var stopping = new EarlyStopping(patience: 1) { MinDelta = 10 };
        var trainer = Make(model, optimizer, stopping);
        var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 5);
        Assert.Equal(TrainingEnd.Stopped, history.End);
        Assert.False(optimizer.IsTraining);
        Assert.Equal(history["val_loss"][0], trainer.Evaluate(Small.Validation())["loss"]);
    }

    [Fact]
    public void A_second_gradient_of_Sam_that_is_not_finite_leaves_the_weights()
    {
        var model = Small.Model(dropout: 0);
        int calls = 0;
        float[] before = [];
        var trainer = new Trainer(model, new Sam(new Sgd(model.Parameters(), 0.1), 0.5), batch =>
        {
            if (calls == 2) before = [.. model.Parameters().SelectMany(p => p.Value.ToArray())];
            var loss = Loss.CrossEntropy(model.Forward(batch.X), batch.Y);
            return new StepOutput(++calls == 4 ? loss * double.NaN : loss);
        })
        {
            Progress = ProgressStyle.None,
        };
        Assert.Throws<NonFiniteException>(() => trainer.Fit(Small.Train(), epochs: 1));
        Assert.Equal(before, model.Parameters().SelectMany(p => p.Value.ToArray()));
    }

    [Fact]
    public void Sam_works_with_accumulation_and_in_half_precision()
    {
        foreach (var precision in new[] { TrainingPrecision.MixedBFloat16, TrainingPrecision.MixedFloat16 })
        {
            var model = Small.Model();
            var trainer = new Trainer(model, new Sam(new Adam(model.Parameters(), 0.02)), Loss.CrossEntropy)
            {
                Precision = precision, Accumulate = 2, Seed = 7, Progress = ProgressStyle.None,
            };
            var history = trainer.Fit(Small.Train(), epochs: 8);
            Assert.True(history["loss"][^1] < 0.75 * history["loss"][0], $"{history["loss"][0]} to {history["loss"][^1]}");
        }
    }
}
