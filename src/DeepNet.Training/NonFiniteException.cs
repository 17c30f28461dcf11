using DeepNet.IO;

namespace DeepNet.Training;

/// <summary>
/// The loss or a gradient was NaN or infinite. The message tells where it came from; the weights are as they were before the step.
/// </summary>
public sealed class NonFiniteException : ArithmeticException
{
    internal NonFiniteException(string message, long step, int epoch, AnomalyException? culprit) : base(Printable.Text(message), culprit)
    {
        (Step, Epoch) = (step, epoch);
        (OperatorName, ModulePath) = (culprit?.OperatorName, culprit?.ModulePath);
    }

    /// <summary>The step that could not be taken, from 1.</summary>
    public long Step { get; }

    /// <summary>The epoch it belongs to, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The operator that made the first of them; null if the step did not fail again when it was looked into.</summary>
    public string? OperatorName { get; }

    /// <summary>The module it was made in; null outside of modules.</summary>
    public string? ModulePath { get; }
}
