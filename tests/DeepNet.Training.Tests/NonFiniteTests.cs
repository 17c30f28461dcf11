using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public class NonFiniteTests
{
    [Fact]
    public void A_loss_that_is_not_finite_names_the_operator_and_the_module()
    {
        Generator.SetSeed(1);
        var model = new Sequential(("body", new Linear(2, 4)), ("logarithm", new Logarithm()), ("head", new Linear(4, 3)));
        float[] before = Small.Weights(model);
        var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1), Loss.CrossEntropy)
        {
            Progress = ProgressStyle.None,
        };
        var error = Assert.Throws<NonFiniteException>(() => trainer.Fit(Small.Train()));
        Assert.Equal(("log", "logarithm"), (error.OperatorName, error.ModulePath));
        Assert.Equal((1L, 1), (error.Step, error.Epoch));
        Assert.Contains("the loss is NaN at step 1 (epoch 1, batch 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("[log]", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Small.Weights(model));
        Assert.Equal(TrainingEnd.Failed, trainer.History.End);
        Assert.False(Anomaly.IsOn);
    }

    [Fact]
    public void A_bad_gradient_is_found_before_it_spoils_the_weights()
    {
        Generator.SetSeed(1);
        var model = new Sequential(("body", new Linear(2, 4)), ("root", new Root()), ("head", new Linear(4, 3)));
        float[] before = Small.Weights(model);
        var trainer = new Trainer(model, new Sgd(model.Parameters(), learningRate: 0.1), Loss.CrossEntropy)
        {
            Progress = ProgressStyle.None,
        };
        var error = Assert.Throws<NonFiniteException>(() => trainer.Fit(Small.Train()));
        Assert.Equal(("sqrt", "root"), (error.OperatorName, error.ModulePath));
        Assert.Contains("the norm of the gradients is", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Small.Weights(model));
    }

    [Fact]
    public void Bad_data_are_distinguished_from_a_bad_model()
    {
        var x = Tensor.Zeros(32, 2);
        x[20, 1] = double.NaN;
        var data = new DataLoader(new TensorDataset(x, Tensor.Zeros(new Shape(32), DType.Int64)), 8);
        var error = Assert.Throws<NonFiniteException>(() => Small.Trainer(Small.Model()).Fit(data));
        Assert.Contains(
            "the inputs of batch 3 of the epoch, of shape (8, 2), have 1 NaN and 0 infinite of 16 values already", error.Message,
            StringComparison.Ordinal);
        Assert.Null(error.OperatorName);
    }

    [Fact]
    public void Spoiled_weights_are_named()
    {
        var model = Small.Model();
        using (Autograd.NoGrad()) model.Parameters()[2].Value[0, 0] = double.PositiveInfinity;
        var error = Assert.Throws<NonFiniteException>(() => Small.Trainer(model).Fit(Small.Train()));
        Assert.Contains("the parameter fc2.weight has 0 NaN and 1 infinite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_checkpoint_is_not_replaced_by_one_of_a_run_that_failed()
    {
        using var folder = new Folder();
        var model = Small.Model();
        var checkpoints = new Checkpoints(folder.Path);
        var spoil = new Probe
        {
            Step = (_, step) =>
            {
                using var noGrad = Autograd.NoGrad();
                if (step.Step == 12) model.Parameters()[0].Value[0, 0] = double.NaN;
            },
        };
        Assert.Throws<NonFiniteException>(() => Small.Trainer(model, checkpoints, spoil).Fit(Small.Train(), epochs: 3));
        var resumed = Small.Trainer(Small.Model());
        Assert.True(resumed.Resume(folder.Path));
        Assert.Equal((1, 8L), (resumed.Epoch, resumed.Step));
    }

    private sealed class Logarithm : Layer
    {
        protected override Tensor Compute(Tensor x) => x.Log();
    }

    private sealed class Root : Layer
    {
        protected override Tensor Compute(Tensor x) => (x * 0).Sqrt();
    }
}
