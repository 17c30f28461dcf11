using DeepNet;
using DeepNet.Data;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;

/// <summary>Reads a digit: 784 grey values in, a score for each digit out.</summary>
sealed class Network : Module
{
    readonly Linear hidden = new(784, 128, activation: new Relu()), scores = new(128, 10);

    public override Tensor Forward(Tensor x) => scores.Forward(hidden.Forward(x.Flatten(1)));

    /// <summary>Trains on digits that are drawn here, for as long as the application has no better weights.</summary>
    public static void TrainFirst(string path)
    {
        Generator.SetSeed(1);
        var model = new Network();
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 2e-3), Loss.CrossEntropy)
        {
            Metrics = [new Accuracy()],
        };
        trainer.Fit(
            new DataLoader(SyntheticData.Digits(4000, seed: 1), batchSize: 64, shuffle: true),
            new DataLoader(SyntheticData.Digits(1000, seed: 2), batchSize: 500), epochs: 3);
        model.Save(path);
    }
}
