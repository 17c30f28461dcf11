namespace DeepNet.Samples.Mnist.Recipes;

/// <summary>98 % of MNIST's test part within five seconds of the program's start, on two cores.</summary>
internal static class Fast98
{
    public static Recipe Recipe { get; } = new("fast98", "To 98 % as fast as can be.")
    {
        Model = () => new Cnn(8, 16, 32),
        Epochs = 1,
        Examples = 40_000,
        BatchSize = 128,
        LearningRate = 1e-2,
        MeasureTraining = false,
        WritesReport = false,           // the clock runs
    };
}
