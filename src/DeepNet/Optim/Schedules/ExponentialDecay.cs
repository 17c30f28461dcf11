namespace DeepNet.Optim;

/// <summary>Multiplies the rate by a factor at every step.</summary>
/// <param name="factor">The factor.</param>
public sealed class ExponentialDecay(double factor) : Curve
{
    private readonly double factor = Check.NotNegative(nameof(factor), factor);

    /// <inheritdoc/>
    public override double At(long step, double rate) => rate * Math.Pow(factor, step);
}
