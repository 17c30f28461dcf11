namespace DeepNet.Training;

/// <summary>
/// The mean of −log of the probability given to what came true: cross-entropy, in nats. ∞ if something was called impossible.
/// </summary>
/// <param name="fromLogits">Outputs are logits (the default), or probabilities.</param>
public sealed class LogLoss(bool fromLogits = true) : ProbabilityMetric("log_loss", fromLogits)
{
    private protected override double Penalty(ReadOnlySpan<double> logs, int truth) => -logs[truth];
}
