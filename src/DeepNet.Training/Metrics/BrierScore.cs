namespace DeepNet.Training;

/// <summary>
/// The mean squared distance of probabilities from what came true: of two classes by the probability of the second, from 0 to 1; of more
/// summed over the classes, from 0 to 2.
/// </summary>
/// <param name="fromLogits">Outputs are logits (the default), or probabilities.</param>
public sealed class BrierScore(bool fromLogits = true) : ProbabilityMetric("brier", fromLogits)
{
    private protected override double Penalty(ReadOnlySpan<double> logs, int truth)
    {
        if (logs.Length == 2)
        {
            double miss = Math.Exp(logs[1]) - truth;
            return miss * miss;
        }
        double sum = 0;
        for (int c = 0; c < logs.Length; c++)
        {
            double miss = Math.Exp(logs[c]) - (c == truth ? 1 : 0);
            sum += miss * miss;
        }
        return sum;
    }
}
