using DeepNet.Data.Transforms;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Samples.Mnist.Recipes;

/// <summary>A network, and all that there is to say about how it is trained.</summary>
internal sealed record Recipe(string Name, string Summary)
{
    public required Func<Module> Model { get; init; }
    public required int Epochs { get; init; }

    /// <summary>Gets the number of training images that are used; all if null.</summary>
    public int? Examples { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>The highest rate on the way along the curve.</summary>
    public required double LearningRate { get; init; }

    public Func<IReadOnlyList<Parameter>, double, Optimizer> Optimizer { get; init; } = (parameters, rate) => new AdamW(parameters, rate);

    /// <summary>The learning rate over so many steps.</summary>
    public Func<long, Curve> Curve { get; init; } = steps => new OneCycle(steps);

    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = Nn.Loss.CrossEntropy;
    public ITransform? Augmentation { get; init; }

    /// <summary>After how many epochs the test part is looked at.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Whether a report is written.</summary>
    public bool WritesReport { get; init; } = true;

    /// <summary>Whether accuracy is measured in training too.</summary>
    public bool MeasureTraining { get; init; } = true;
}
