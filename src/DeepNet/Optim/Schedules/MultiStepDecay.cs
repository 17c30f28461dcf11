namespace DeepNet.Optim;

/// <summary>Multiplies the rate by a factor at each of the given steps.</summary>
public sealed class MultiStepDecay : Curve
{
    private readonly long[] milestones;
    private readonly double factor;

    /// <summary>Makes the curve.</summary>
    /// <param name="milestones">The steps, rising.</param>
    /// <param name="factor">The factor.</param>
    public MultiStepDecay(ReadOnlySpan<long> milestones, double factor = 0.1)
    {
        this.milestones = milestones.ToArray();
        this.factor = Check.NotNegative(nameof(factor), factor);
        for (int i = 1; i < milestones.Length; i++)
        {
            if (milestones[i] < milestones[i - 1])
                throw new ArgumentException($"[multi_step_decay] milestones must rise, but {milestones[i]} follows {milestones[i - 1]}.");
        }
    }

    /// <inheritdoc/>
    public override double At(long step, double rate)
    {
        int passed = 0;
        while (passed < milestones.Length && milestones[passed] <= step) passed++;
        return rate * Math.Pow(factor, passed);
    }
}
