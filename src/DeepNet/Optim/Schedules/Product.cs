namespace DeepNet.Optim;

/// <summary>Several curves at once: each takes what the one before gives for the rate, so factors multiply.</summary>
/// <param name="curves">The curves.</param>
public sealed class Product(params Curve[] curves) : Curve
{
    /// <inheritdoc/>
    public override double At(long step, double rate)
    {
        foreach (var curve in curves) rate = curve.At(step, rate);
        return rate;
    }

    /// <inheritdoc/>
    public override double MomentumAt(long step, double momentum)
    {
        foreach (var curve in curves) momentum = curve.MomentumAt(step, momentum);
        return momentum;
    }
}
