using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

/// <summary>Runs over streams.</summary>
public class StreamTests
{
    private const int Steps = 5;

    private static IEnumerable<int> Numbers(long from = 0)
    {
        for (int i = (int)from; ; i++) yield return i;
    }

    private static StreamLoader Loader(bool opensAnywhere = false, int workers = 2)
    {
        static TensorValue X(int i) => [Math.Sin(i), Math.Cos(3 * i)];
        static TensorValue Y(int i) => i % 3;
        return new(opensAnywhere ? Dataset.Stream(at => Numbers(at), X, Y) : Dataset.Stream(Numbers(), X, Y), 8, seed: 4)
        {
            StepsPerEpoch = Steps, ShuffleBuffer = 30, Workers = workers,
        };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_over_a_stream_goes_on_in_the_middle_of_an_epoch(bool opensAnywhere)
    {
        var whole = Small.Model();
        using (var loader = Loader(workers: 0))
        {
            var history = Small.Trainer(whole).Fit(loader, Small.Validation(), epochs: 4);
            Assert.Equal(4 * Steps, history.StepLosses.Count);
        }

        using var folder = new Folder();
        using var cancel = new CancellationTokenSource();
        var stop = new Probe
        {
            Step = (_, s) =>
            {
                if (s.Step == 2 * Steps + 3) cancel.Cancel();
            },
        };
        using (var loader = Loader(opensAnywhere))
            Assert.Throws<OperationCanceledException>(() => Small.Trainer(Small.Model(), new Checkpoints(folder.Path), stop)
                .Fit(loader, Small.Validation(), epochs: 4, cancellation: cancel.Token));
        var model = Small.Model();
        var again = Small.Trainer(model, new TrainingReport(folder["report.html"]));
        Assert.True(again.Resume(folder.Path));
        Assert.Equal(2 * Steps + 3, again.Step);
        using (var loader = Loader(opensAnywhere)) again.Fit(loader, Small.Validation(), epochs: 4);
        Assert.Equal(Small.Weights(whole), Small.Weights(model));
        Assert.Contains("5 batches of 8", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_over_a_stream_is_evaluated_and_a_run_needs_its_steps()
    {
        var data = Small.Blobs();
        var stream = Dataset.Stream(Enumerable.Range(0, data.Count), i => data[i].X, i => data[i].Y);
        var trainer = Small.Trainer(Small.Model());
        var expected = trainer.Evaluate(new DataLoader(data, 50));
        var loader = new StreamLoader(stream, 50);
        var actual = trainer.Evaluate(loader);
        Assert.Equal((expected.Count, expected.Loss, expected["accuracy"]), (actual.Count, actual.Loss, actual["accuracy"]));
        Assert.Equal(trainer.Predict(new DataLoader(data, 50)).ToArray(), trainer.Predict(loader).ToArray());

        var error = Assert.Throws<ArgumentException>(() => trainer.Fit(loader));
        Assert.Contains("StepsPerEpoch", error.Message, StringComparison.Ordinal);
        using var shortOne = new StreamLoader(stream, 50) { StepsPerEpoch = 2 };
        var ended = Assert.Throws<DataLoaderException>(() => trainer.Fit(shortOne, epochs: 2));
        Assert.Contains("ended after 120 examples", ended.Message, StringComparison.Ordinal);
        var none = new StreamLoader(Dataset.Stream(Array.Empty<int>(), i => i, i => i), 4);
        Assert.Contains("no examples", Assert.Throws<ArgumentException>(() => trainer.Evaluate(none)).Message, StringComparison.Ordinal);
        Assert.Contains("no examples", Assert.Throws<ArgumentException>(() => trainer.Predict(none)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_tells_of_batches_where_there_is_no_count_of_examples()
    {
        var model = Small.Model();
        using var output = new StringWriter();
        var trainer = new Trainer(model, new Sgd(model.Parameters(), 0.1), Loss.CrossEntropy) { ProgressOutput = output };
        using var loader = Loader();
        trainer.Fit(loader);
        Assert.Contains("parameters, 5 batches of 8, ", output.ToString(), StringComparison.Ordinal);
    }
}
