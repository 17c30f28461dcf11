using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

namespace DeepNet.Samples.Generate;

/// <summary>A classifier of pictures, which says what made ones show.</summary>
internal sealed class Judge
{
    private const int Batch = 50;

    private readonly Trainer trainer;

    private Judge(Trainer trainer) => this.trainer = trainer;

    /// <summary>Trains a small convolutional network for a number of steps, however many pictures there are.</summary>
    public static Judge Of(Pictures pictures, int steps, ulong seed)
    {
        var chance = new Generator(seed);
        var model = new Sequential(
            new Conv2d(1, 16, 3, padding: 1, generator: chance, activation: new Relu()), new MaxPool2d(2),
            new Conv2d(16, 32, 3, padding: 1, generator: chance, activation: new Relu()), new MaxPool2d(2), new Flatten(),
            new Linear(32 * Pictures.Pixels / 16, 64, generator: chance, activation: new Relu()),
            new Linear(64, Pictures.Classes, generator: chance));
        var optimizer = new AdamW(model.Parameters(), 3e-3);
        var trainer = new Trainer(model, optimizer, Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()], MeasureTraining = false, Schedule = new Schedule(optimizer, new OneCycle(steps)), Seed = seed,
            Progress = ProgressStyle.None,
        };
        var loader = new DataLoader(new TensorDataset(pictures.X, pictures.Y), Math.Min(Batch, pictures.Count), shuffle: true, seed: seed)
        {
            DropLast = true,
        };
        trainer.Fit(loader, epochs: Math.Max(1, steps / loader.Count));
        return new(trainer);
    }

    /// <summary>Computes the share of pictures that it takes for what they are said to be.</summary>
    public double Accuracy(Pictures pictures) => trainer.Evaluate(new TensorDataset(pictures.X, pictures.Y))["accuracy"];
}
