using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

public class PrecisionTests
{
    private static Trainer Trainer(Small.Net model, TrainingPrecision precision, LossScaler? scaler = null, params Callback[] callbacks)
        => new(model, new Adam(model.Parameters(), learningRate: 0.02), Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            Callbacks = callbacks,
            Seed = 7,
            Progress = ProgressStyle.None,
            Scaler = scaler,
            Precision = precision,
        };

    [Theory]
    [InlineData(TrainingPrecision.MixedBFloat16)]
    [InlineData(TrainingPrecision.MixedFloat16)]
    public void Trains_as_well_as_float32_and_repeats_itself(TrainingPrecision precision)
    {
        (double Accuracy, float[] Weights) Run(TrainingPrecision wanted)
        {
            var model = Small.Model();
            var trainer = Trainer(model, wanted);
            var history = trainer.Fit(Small.Train(), Small.Validation(), epochs: 8);
            Assert.Equal(history.Last!["val_loss"], trainer.Evaluate(Small.Validation())["loss"]);
            Assert.All(model.Parameters(), p => Assert.Equal(DType.Float32, p.Value.DType));
            return (history.Last!["val_accuracy"], Small.Weights(model));
        }

        var (exact, low) = (Run(TrainingPrecision.Float32), Run(precision));
        Assert.InRange(low.Accuracy, exact.Accuracy - 0.03, 1);
        Assert.NotEqual(exact.Weights, low.Weights);
        Assert.Equal(low.Weights, Run(precision).Weights);
    }

    [Fact]
    public void Training_evaluation_and_prediction_compute_in_it()
    {
        var model = Small.Model();
        var seen = new HashSet<DType?>();
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 0.02), batch =>
        {
            seen.Add(Autocast.Type);
            var output = model.Forward(batch.X);
            return new StepOutput(Loss.CrossEntropy(output, batch.Y), output, batch.Y);
        })
        { Precision = TrainingPrecision.MixedBFloat16, Progress = ProgressStyle.None };
        trainer.Fit(Small.Train(), Small.Validation());
        Assert.Equal([DType.BFloat16], seen);
        Assert.Equal(DType.BFloat16, trainer.Predict(Small.Blobs().X).DType);
        Assert.Null(Autocast.Type);
    }

    [Theory]
    [InlineData(TrainingPrecision.MixedBFloat16)]
    [InlineData(TrainingPrecision.MixedFloat16)]
    public void A_run_is_resumed_with_the_same_bits(TrainingPrecision precision)
    {
        // A factor that overflows at first and grows again, so that it has a history.
        static LossScaler? Scaler(TrainingPrecision precision)
            => precision == TrainingPrecision.MixedFloat16 ? new(factor: 1 << 24, interval: 5) : null;
        using var folder = new Folder();
        var whole = Small.Model();
        var scaler = Scaler(precision);
        var end = Trainer(whole, precision, scaler).Fit(Small.Train(), Small.Validation(), epochs: 3);

        var first = Trainer(
            Small.Model(), precision, Scaler(precision), new Probe
            {
                Step = (t, s) => { if (s.Step == 13) t.Snapshot().Save(folder["run"]); },
            });
        first.Fit(Small.Train(), Small.Validation(), epochs: 2);
        var resumed = Small.Model();
        var again = Scaler(precision);
        var second = Trainer(resumed, precision, again);
        Assert.True(second.Resume(folder["run"]));
        var later = second.Fit(Small.Train(), Small.Validation(), epochs: 3);
        Assert.Equal(Small.Weights(whole), Small.Weights(resumed));
        Assert.Equal(end.StepLosses, later.StepLosses);
        Assert.Equal((scaler?.Factor, scaler?.GoodSteps, scaler?.SkippedSteps), (again?.Factor, again?.GoodSteps, again?.SkippedSteps));
        if (scaler is not null) Assert.NotEqual(0, scaler.SkippedSteps);
    }

    [Fact]
    public void Another_precision_is_refused()
    {
        using var folder = new Folder();
        var trainer = Trainer(Small.Model(), TrainingPrecision.MixedBFloat16);
        trainer.Fit(Small.Train());
        trainer.Snapshot().Save(folder["low"]);
        var other = Trainer(Small.Model(), TrainingPrecision.MixedFloat16);
        Assert.Contains(
            "precision: 'mixed_bfloat16' in the file, 'mixed_float16' here",
            Assert.Throws<ArgumentException>(() => other.Resume(folder["low"])).Message, StringComparison.Ordinal);
        var exact = Trainer(Small.Model(), TrainingPrecision.Float32);
        Assert.Contains(
            "precision: in the file, not here", Assert.Throws<ArgumentException>(() => exact.Resume(folder["low"])).Message,
            StringComparison.Ordinal);
        exact.Fit(Small.Train());
        exact.Snapshot().Save(folder["exact"]);
        Assert.Contains(
            "precision: missing in the file", Assert.Throws<ArgumentException>(() => trainer.Resume(folder["exact"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_overflows_is_left_out_and_counted()
    {
        var model = Small.Model();
        var scaler = new LossScaler(factor: 1 << 24);
        var trainer = Trainer(model, TrainingPrecision.MixedFloat16, scaler);
        trainer.Fit(Small.Train());
        Assert.InRange(scaler.SkippedSteps, 1, Small.Batches - 1);
        Assert.Equal(Small.Batches, trainer.Step);
        Assert.Equal(
            Small.Batches - scaler.SkippedSteps,
            trainer.Optimizer.SaveState().Numbers.First(n => n.Key.EndsWith("/step", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void What_float16_cannot_do_is_reported()
    {
        var model = Small.Model(dropout: 0);
        var optimizer = new Lbfgs(model.Parameters());
        Assert.Contains(
            "MixedBFloat16",
            Assert.Throws<ArgumentException>(() => new Trainer(
                model, optimizer, Loss.CrossEntropy)
            { Precision = TrainingPrecision.MixedFloat16 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(
            model, optimizer, Loss.CrossEntropy)
        { Precision = (TrainingPrecision)9 });
        var large = new TensorDataset(Small.Blobs().X * 1e6, Small.Blobs().Y);
        var trainer = Trainer(Small.Model(), TrainingPrecision.MixedFloat16);
        Assert.Contains(
            "Float16 ends at 65504", Assert.Throws<NonFiniteException>(() => trainer.Fit(new DataLoader(large, 16))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("float32", TrainingPrecision.Float32)]
    [InlineData("bf16", TrainingPrecision.MixedBFloat16)]
    [InlineData("float16", TrainingPrecision.MixedFloat16)]
    public void Precisions_have_names(string name, TrainingPrecision precision)
    {
        Assert.Equal(precision, TrainingPrecisions.Parse(name));
        Assert.Equal(precision, TrainingPrecisions.Parse(precision.Name()));
        Assert.Contains(
            "there are float32, bfloat16 and float16", Assert.Throws<ArgumentException>(() => TrainingPrecisions.Parse("int8")).Message,
            StringComparison.Ordinal);
    }
}
