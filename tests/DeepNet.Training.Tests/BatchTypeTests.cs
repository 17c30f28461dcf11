using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

/// <summary>Batches of other types than a pair of tensors.</summary>
public class BatchTypeTests
{
    private sealed record Points(Tensor Place, Tensor Class) : IBatch<Points>
    {
        public Points Map(Func<Tensor, Tensor> change) => new(change(Place), change(Class));
    }

    private static DataLoader<TBatch> Loader<TBatch>(Func<Tensor, Tensor, TBatch> make, bool shuffle = true)
        => new(Small.Blobs().Collate(some => make(Tensor.Stack([.. some.Select(s => s.X)]), Tensor.Stack([.. some.Select(s => s.Y)]))),
            Small.BatchSize, shuffle, seed: 3)
        {
            Workers = 2,
        };

    private static Trainer<TBatch> Trainer<TBatch>(Module model, Func<TBatch, (Tensor X, Tensor Y)> parts, params Callback[] callbacks)
        => new(model, new Adam(model.Parameters(), learningRate: 0.02), batch =>
        {
            var (x, y) = parts(batch);
            var output = model.Forward(x);
            return new StepOutput(Loss.CrossEntropy(output, y), output, y);
        })
        {
            Metrics = [new Accuracy()], Seed = 7, Progress = ProgressStyle.None, Callbacks = callbacks,
        };

    private static (History History, float[] Weights) Fit<TBatch>(
        Func<Tensor, Tensor, TBatch> make, Func<TBatch, (Tensor X, Tensor Y)> parts)
    {
        var model = Small.Model();
        var trainer = Trainer(model, parts);
        var history = trainer.Fit(Loader(make), Loader(make, shuffle: false), epochs: 2);
        Assert.Equal(history.Last!["val_accuracy"], trainer.Evaluate(Loader(make, shuffle: false))["accuracy"]);
        var inputs = Small.Blobs().X;
        Assert.Equal(trainer.Predict(inputs, Small.BatchSize).ToArray(), trainer.Predict(Loader(make, shuffle: false)).ToArray());
        return (history, Small.Weights(model));
    }

    [Fact]
    public void Any_type_of_batch_trains_to_the_same_bits_as_a_pair_of_tensors()
    {
        var model = Small.Model();
        var expected = Small.Trainer(model).Fit(Small.Train(), new DataLoader(Small.Blobs(), Small.BatchSize), epochs: 2);
        var (history, weights) = Fit((x, y) => (x, y), b => b);
        Assert.Equal(Small.Weights(model), weights);
        Assert.Equal(expected.Names, history.Names);
        Assert.Equal(expected["val_loss"], history["val_loss"]);

        Assert.Equal(weights, Fit((x, y) => new Points(x, y), b => (b.Place, b.Class)).Weights);
        Assert.Equal(weights, Fit<Tensor[]>((x, y) => [x, y], b => (b[0], b[1])).Weights);
        Assert.Equal(weights, Fit((x, y) => (x, x, y), b => (b.Item1, b.Item3)).Weights);
        Assert.Equal(weights, Fit((x, y) => (x, x, y, y), b => (b.Item1, b.Item3)).Weights);
        Assert.Equal(weights, Fit((x, y) => (x, x, x, y, y), b => (b.Item1, b.Item5)).Weights);
        Assert.Equal(weights, Fit<IReadOnlyDictionary<string, Tensor>>(
            (x, y) => new Dictionary<string, Tensor> { ["x"] = x, ["y"] = y }, b => (b["x"], b["y"])).Weights);
        Assert.Equal(weights, Fit((x, y) => new Dictionary<string, Tensor> { ["x"] = x, ["y"] = y }, b => (b["x"], b["y"])).Weights);
        Assert.Equal(weights, Fit((x, y) => new Batch(x, y), b => (b.X, b.Y)).Weights);
    }

    [Fact]
    public void A_single_tensor_is_a_batch()
    {
        var layer = new Linear(2, 2);
        var trainer = new Trainer<Tensor>(layer, new Sgd(layer.Parameters(), 0.1), x => new StepOutput(Loss.Mse(layer.Forward(x), x)))
        {
            Progress = ProgressStyle.None,
        };
        var history = trainer.Fit(Loader((x, _) => x), epochs: 5);
        Assert.True(history["loss"][^1] < 0.5 * history["loss"][0], $"{history.Last}");
        var error = Assert.Throws<InvalidOperationException>(() => trainer.Predict(Loader((x, _) => x)));
        Assert.Contains("StepOutput", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_goes_on_in_the_middle_of_an_epoch()
    {
        var whole = Small.Model();
        Trainer<Points>(whole, b => (b.Place, b.Class)).Fit(Loader((x, y) => new Points(x, y)), epochs: 3);

        using var folder = new Folder();
        using var cancel = new CancellationTokenSource();
        var stop = new Probe
        {
            Step = (_, s) =>
            {
                if (s.Step == Small.Batches + 3) cancel.Cancel();
            },
        };
        var first = Trainer<Points>(Small.Model(), b => (b.Place, b.Class), new Checkpoints(folder.Path), stop);
        Assert.Throws<OperationCanceledException>(
            () => first.Fit(Loader((x, y) => new Points(x, y)), epochs: 3, cancellation: cancel.Token));
        var model = Small.Model();
        var second = Trainer<Points>(model, b => (b.Place, b.Class));
        Assert.True(second.Resume(folder.Path));
        Assert.Equal(Small.Batches + 3, second.Step);
        second.Fit(Loader((x, y) => new Points(x, y)), epochs: 3);
        Assert.Equal(Small.Weights(whole), Small.Weights(model));
    }

    [Fact]
    public void Mistakes_are_explained()
    {
        var model = Small.Model();
        var unknown = Assert.Throws<NotSupportedException>(() => Trainer<string>(model, _ => default));
        Assert.Contains("IBatch<String>", unknown.Message, StringComparison.Ordinal);

        var points = Trainer<Points>(model, b => (b.Place, b.Class));
        var other = Assert.Throws<InvalidOperationException>(() => points.Fit(Small.Train()));
        Assert.Contains("batches of type Points", other.Message, StringComparison.Ordinal);

        var sick = Trainer<(Tensor, Tensor)>(model, b => b);
        var found = Assert.Throws<NonFiniteException>(() => sick.Fit(Loader((x, y) => (x * float.NaN, y))));
        Assert.Contains("the values of tensor 1 of batch 1 of the epoch, of shape (16, 2), have", found.Message, StringComparison.Ordinal);

        var numbers = Trainer<(Tensor, Tensor)>(model, b => b);
        var single = Assert.Throws<InvalidOperationException>(() => numbers.Fit(Loader((x, y) => (x.Mean(), y))));
        Assert.Contains("is a single number", single.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_learning_rate_finder_takes_them()
    {
        var model = Small.Model();
        var before = Small.Weights(model);
        var sweep = Trainer<Points>(model, b => (b.Place, b.Class)).FindLearningRate(Loader((x, y) => new Points(x, y)));
        Assert.True(sweep.Rates.Count > 20);
        Assert.Equal(before, Small.Weights(model));
    }
}
