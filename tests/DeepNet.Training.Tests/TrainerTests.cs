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
        Assert.False(model.IsTraining);
    }
}
