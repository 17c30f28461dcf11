using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public class EvaluationTests
{
    [Fact]
    public void Evaluation_changes_nothing()
    {
        var model = Small.Model();
        var trainer = Small.Trainer(model);
        var data = new DataLoader(Small.Blobs(), 16, shuffle: true) { State = new LoaderState(1, 4, 3) };
        float[] weights = Small.Weights(model);
        model.Modules().Single(m => m.Path == "norm").Module.Eval();      // a part that is frozen in evaluation stays so
        var keys = Generator.Default.State;

        var first = trainer.Evaluate(data);
        var second = trainer.Evaluate(data);
        trainer.Predict(data);

        Assert.Equal(first.Values, second.Values);
        Assert.Equal(Small.Examples, first.Count);
        Assert.Equal(weights, Small.Weights(model));
        Assert.Equal(new LoaderState(1, 4, 3), data.State);
        Assert.Equal(keys, Generator.Default.State);
        Assert.Equal(
            [("", true), ("fc1", true), ("fc2", true), ("norm", false), ("drop", true)],
            model.Modules().Select(m => (m.Path, m.Module.IsTraining)));
    }

    [Fact]
    public void The_loss_is_the_mean_over_examples_wherever_batches_are_cut()
    {
        var model = Small.Model();
        var trainer = Small.Trainer(model);
        double whole = trainer.Evaluate(Small.Blobs(), Small.Examples).Loss;
        Assert.Equal(whole, trainer.Evaluate(Small.Blobs(), 7).Loss, 5);
        Assert.Equal(trainer.Evaluate(Small.Blobs(), Small.Examples)["accuracy"], trainer.Evaluate(Small.Blobs(), 7)["accuracy"]);
        var unknown = Assert.Throws<KeyNotFoundException>(() => trainer.Evaluate(Small.Blobs())["recall"]);
        Assert.Contains("only loss, accuracy", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void Predictions_come_in_the_order_of_the_inputs(int batchSize)
    {
        var model = Small.Model();
        var trainer = Small.Trainer(model);
        var blobs = Small.Blobs();
        model.Eval();
        float[] expected = model.Forward(blobs.X).ToArray();
        model.Train();
        using (Memory.Scope())
        {
            // Not the same bits: products of other sizes sum in another order.
            float[] actual = trainer.Predict(blobs.X, batchSize).ToArray();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5f);
        }
        Assert.True(model.IsTraining);
        Assert.Equal(new Shape(Small.Examples, Small.Classes), trainer.Predict(blobs, batchSize).Shape);
        Assert.Throws<ArgumentException>(() => trainer.Predict(Tensor.Zeros(0, 2)));
    }

    [Fact]
    public void Accuracy_takes_class_numbers_rows_and_single_outputs()
    {
        var scores = Tensor.From(new float[,] { { 1, 2, 0 }, { 3, 2, 1 }, { 0, 0, 1 }, { 0, 5, 1 } });
        Assert.Equal(0.75, Of(scores, Tensor.From<long>(1, 0, 2, 2)));
        Assert.Equal(0.75, Of(scores, Tensor.From<int>(1, 0, 2, 2)));
        Assert.Equal(0.75, Of(scores, Tensor.From<long>(1, 0, 2, 2).OneHot(3)));
        var logits = Tensor.From<float>(-1, 2, 0.2f, -3).Reshape(4, 1);
        Assert.Equal(0.5, Of(logits, Tensor.From<float>(0, 1, 0, 1).Reshape(4, 1)));
        Assert.Equal(0.5, Of(logits.Reshape(4), Tensor.From<float>(0, 1, 0, 1)));
        Assert.Equal(0.75, Of(logits, Tensor.From<long>(0, 1, 0, 1), threshold: 0.5) + 0.0, 12);
        Assert.True(double.IsNaN(new Accuracy().Value));
        Assert.Throws<ArgumentException>(() => Of(scores, Tensor.From<long>(1, 0, 2)));

        static double Of(Tensor output, Tensor target, double threshold = 0)
        {
            var accuracy = new Accuracy(threshold);
            accuracy.Update(output, target);
            return accuracy.Value;
        }
    }

    [Fact]
    public void Mistakes_are_explained()
    {
        var model = Small.Model();
        var other = Small.Model();
        var wrong = Assert.Throws<ArgumentException>(() => new Trainer(
            model, new Sgd(other.Parameters(), learningRate: 1), Loss.CrossEntropy));
        Assert.Contains("model.Parameters()", wrong.Message, StringComparison.Ordinal);

        var unreduced = new Trainer(
            model, new Sgd(model.Parameters(), learningRate: 1), (o, t)
                => Loss.CrossEntropy(o, t, reduction: Reduction.None))
        { Progress = ProgressStyle.None };
        Assert.Contains(
            "Reduction.None", Assert.Throws<ArgumentException>(() => unreduced.Fit(Small.Train())).Message, StringComparison.Ordinal);

        var nested = Small.Trainer(model, new Probe { Step = (t, _) => t.Fit(Small.Train()) });
        Assert.Contains(
            "within Fit", Assert.Throws<InvalidOperationException>(() => nested.Fit(Small.Train())).Message, StringComparison.Ordinal);

        var empty = new DataLoader(Small.Blobs(), 500) { DropLast = true };
        Assert.Contains(
            "DropLast", Assert.Throws<ArgumentException>(() => Small.Trainer(model).Fit(empty)).Message, StringComparison.Ordinal);

        var twins = Assert.Throws<ArgumentException>(() => Small.Trainer(model, new EarlyStopping(), new EarlyStopping()));
        Assert.Contains("EarlyStopping", twins.Message, StringComparison.Ordinal);

        var unknown = Small.Trainer(model, new EarlyStopping(monitor: "val_acuracy"));
        Assert.Contains(
            "val_accuracy", Assert.Throws<ArgumentException>(() => unknown.Fit(Small.Train(), Small.Validation())).Message,
            StringComparison.Ordinal);

        Assert.Throws<InvalidOperationException>(() => Small.Trainer(model).Stop("now"));
    }
}
