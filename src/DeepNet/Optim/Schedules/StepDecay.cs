namespace DeepNet.Optim;

/// <summary>Multiplies the rate by a factor every so many steps.</summary>
/// <param name="every">The number of steps between.</param>
/// <param name="factor">The factor.</param>
public sealed class StepDecay(long every, double factor = 0.1) : Curve
{
    private readonly long every = Check.Steps(nameof(every), every);
    private readonly double factor = Check.NotNegative(nameof(factor), factor);

    /// <inheritdoc/>
    public override double At(long step, double rate) => rate * Math.Pow(factor, step / every);
}
