namespace DeepNet.Optim;

/// <summary>
/// The settings that every optimizer has, and those of one optimizer in a record derived from it.
/// </summary>
/// <example><code>
/// var optimizer = new Adam(model.Parameters(), new AdamOptions { LearningRate = 1e-3, Beta2 = 0.99, WeightDecay = 0.01 });
/// </code></example>
public abstract record OptimizerOptions
{
    /// <summary>Initializes the settings to an optimizer's defaults.</summary>
    private protected OptimizerOptions(double learningRate, double weightDecay = 0)
        => (LearningRate, WeightDecay) = (learningRate, weightDecay);

    /// <summary>Gets the learning rate of groups that have none of their own.</summary>
    public double LearningRate { get; init; }

    /// <summary>Gets λ of the penalty ½λ‖p‖².</summary>
    /// <remarks>The optimizer's <see cref="Optimizer.DecoupledDecay"/> says whether it goes through the gradient.</remarks>
    public double WeightDecay { get; init; }

    /// <summary>Gets the momentum of groups that have none of their own.</summary>
    internal virtual double GroupMomentum => 0;
}
