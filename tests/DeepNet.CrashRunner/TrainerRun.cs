using DeepNet.Data;
using DeepNet.Data.Transforms;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.CrashRunner;

/// <summary>
/// A run of the trainer with all that writes or that a resumed run could get wrong: workers that augment, dropout, running statistics, a
/// schedule, an average of the weights, callbacks with states of their own, checkpoints within epochs, and every log.
/// </summary>
internal sealed class TrainerRun
{
    private const int Examples = 120, Features = 12, Classes = 5, BatchSize = 16, Epochs = 6, StepsBetweenCheckpoints = 3;
    private const ulong DataSeed = 1, WeightSeed = 2, ShuffleSeed = 3, RunSeed = 4;

    private readonly string folder;
    private readonly Trainer trainer;

    public TrainerRun(string folder)
    {
        this.folder = folder;
        var weights = new Generator(WeightSeed);
        var model = new Sequential(
            new Linear(Features, 32, generator: weights), new BatchNorm1d(32), new Relu(), new Dropout(0.2),
            new Linear(32, Classes, generator: weights));
        var optimizer = new AdamW(model.Parameters(), 0.01) { ClipNorm = 1 };
        trainer = new Trainer(model, optimizer, Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
            Schedule = new Schedule(optimizer, new WarmUp(10, new CosineDecay(50))),
            Average = new ExponentialAverage(model.Parameters(), 0.95, warmUp: true),
            Seed = RunSeed,
            Progress = ProgressStyle.None,
            Callbacks =
            [
                new Steps(),
                new CsvLog(In("epochs.csv")),
                new CsvStepLog(In("steps.csv")),
                new TensorBoard(In("events")) { EverySteps = 1, HistogramsEvery = 5 },
                new ParameterMonitor(every: 4),
                new EarlyStopping(patience: Epochs),
                new Checkpoints(In("checkpoints")) { EverySteps = StepsBetweenCheckpoints },
            ],
        };
    }

    public void Train(Action<string> tell)
    {
        trainer.Callbacks.OfType<Steps>().Single().Tell = tell;
        trainer.Resume(In("checkpoints"));
        var noise = new GaussianNoise(0.1);
        var train = new DataLoader(Blobs(0), BatchSize, shuffle: true, seed: ShuffleSeed) { Workers = 3, Transform = noise };
        trainer.Fit(train, new DataLoader(Blobs(1), 50) { Workers = 2 }, Epochs);
        trainer.Model.Save(In("model.safetensors"));
    }

    private string In(string name) => Path.Combine(folder, name);

    private static TensorDataset Blobs(ulong part)
    {
        var data = new Generator(DataSeed + part);
        var y = Tensor.RandInt(0, Classes, new Shape(Examples), generator: data);
        var centres = Tensor.Randn(new Shape(Classes, Features), generator: new Generator(DataSeed));
        return new TensorDataset(centres.IndexSelect(0, y) + Tensor.Randn(new Shape(Examples, Features), generator: data), y);
    }

    private sealed class Steps : Callback
    {
        public Action<string>? Tell { get; set; }

        protected override void OnStepEnd(Trainer trainer, in StepRecord step) => Tell!($"{step.Step}");
    }
}
