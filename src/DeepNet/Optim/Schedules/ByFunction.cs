namespace DeepNet.Optim;

/// <summary>The rate times any function of the number of steps.</summary>
/// <param name="factor">The function.</param>
public sealed class ByFunction(Func<long, double> factor) : Curve
{
    private readonly Func<long, double> factor = factor ?? throw new ArgumentNullException(nameof(factor));

    /// <inheritdoc/>
    public override double At(long step, double rate) => rate * factor(step);
}
