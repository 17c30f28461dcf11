using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.CrashRunner;

/// <summary>
/// A small run with all that a resumed one could get wrong: dropout from two generators, running statistics, momentum, a schedule,
/// a weight average, and epochs in a shuffled order that is left in the middle.
/// </summary>
internal sealed class TrainingRun
{
    private const int Samples = 120, Features = 12, Classes = 5, BatchSize = 16;
    private const ulong DataSeed = 1, WeightSeed = 2, ShuffleSeed = 3, DropoutSeed = 4;
    private const string Order = "order", LossSum = "loss_sum";

    private readonly Tensor inputs, labels;
    private readonly Sequential model;
    private readonly Optimizer optimizer;
    private readonly Schedule schedule;
    private readonly WeightAverage average;
    private readonly Generator shuffling = new(ShuffleSeed);
    private readonly Checkpoint checkpoint;

    public TrainingRun(string kind)
    {
        var data = new Generator(DataSeed);
        inputs = Tensor.Randn(new Shape(Samples, Features), generator: data);
        labels = Tensor.RandInt(0, Classes, new Shape(Samples), generator: data);

        var weights = new Generator(WeightSeed);
        var dropout = new Generator(DropoutSeed);
        model = new Sequential(
            new Linear(Features, 32, generator: weights), new BatchNorm1d(32), new Relu(), new Dropout(0.2, dropout),
            new Linear(32, 16, generator: weights), new Relu(), new Dropout(0.3),
            new Linear(16, Classes, generator: weights));
        optimizer = kind switch
        {
            "sgd" => new Sgd(model.Parameters(), new SgdOptions { LearningRate = 0.05, Momentum = 0.9, Nesterov = true }),
            "adam" => new Adam(model.Parameters(), new AdamOptions { LearningRate = 0.01, WeightDecay = 1e-3, Amsgrad = true }),
            "rmsprop" => new RmsProp(
                [new ParameterGroup(model.Parameters().Take(4)), new ParameterGroup(model.Parameters().Skip(4), 0.001)], new()
                {
                    LearningRate = 0.005,
                }),
            _ => throw new ArgumentException($"No such run: {kind}."),
        };
        schedule = new Schedule(optimizer, new WarmUp(10, new CosineDecay(200)));
        average = new ExponentialAverage(model.Parameters(), 0.95, warmUp: true);
        checkpoint = new Checkpoint { Model = model, Optimizer = optimizer, Schedule = schedule, Average = average, Generator = shuffling }
            .Add("dropout", dropout);
    }

    public void Train(long steps, string path, Action<string> saved)
    {
        if (!checkpoint.TryLoad(path)) BeginEpoch();
        while (checkpoint.Step < steps)
        {
            if (checkpoint.Position == Samples)
            {
                checkpoint.Epoch++;
                BeginEpoch();
            }
            TrainStep();
            checkpoint.Save(path);
            saved($"{checkpoint.Step}");
        }
    }

    private void BeginEpoch()
    {
        checkpoint.Position = 0;
        checkpoint.Tensors[Order] = Tensor.RandPerm(Samples, generator: shuffling);
        checkpoint.Numbers[LossSum] = 0;
    }

    private void TrainStep()
    {
        using var scope = Memory.Scope();
        int size = (int)Math.Min(BatchSize, Samples - checkpoint.Position);
        var batch = checkpoint.Tensors[Order].Narrow(0, (int)checkpoint.Position, size);
        optimizer.ZeroGrad();
        var loss = Loss.CrossEntropy(model.Forward(inputs.IndexSelect(0, batch)), labels.IndexSelect(0, batch));
        loss.Backward();
        optimizer.Step();
        schedule.Step();
        average.Update();
        checkpoint.Position += size;
        checkpoint.Step++;
        checkpoint.Numbers[LossSum] += loss.Item();
    }
}
