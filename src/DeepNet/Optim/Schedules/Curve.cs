namespace DeepNet.Optim;

/// <summary>
/// A learning rate over time, as a function of the number of steps taken and of the rate the optimizer was made with. A curve
/// has no state: give it to a <see cref="Schedule"/>, put a warm-up before it, run one after another, multiply them.
/// </summary>
/// <example><code>
/// var schedule = new Schedule(optimizer, new CosineDecay(10_000).WithWarmUp(500));
/// </code></example>
public abstract class Curve
{
    /// <summary>The learning rate after a number of steps.</summary>
    /// <param name="step">The number of steps taken: 0 at the start.</param>
    /// <param name="rate">The rate the group was made with.</param>
    public abstract double At(long step, double rate);

    /// <summary>The momentum after a number of steps; the given one, unless the curve moves it too.</summary>
    /// <param name="step">The number of steps taken.</param>
    /// <param name="momentum">The momentum the group was made with.</param>
    public virtual double MomentumAt(long step, double momentum) => momentum;

    /// <summary>The same curve after a linear rise over the given number of steps, which it starts after.</summary>
    /// <param name="steps">The number of steps until the full rate is reached.</param>
    /// <param name="from">The share of the rate to start at; null for 1/steps.</param>
    public Curve WithWarmUp(long steps, double? from = null) => new WarmUp(steps, this, from);

    /// <summary>Another curve from the given step on; it counts its own steps from 0.</summary>
    public Curve Then(long after, Curve next) => new Sequence([this, next], [after]);

    /// <summary>Both curves at once: the other one takes what this one gives for the rate.</summary>
    public Curve Times(Curve other) => new Product(this, other);
}
