namespace DeepNet.Optim;

/// <summary>Curves one after another, each counting its own steps from 0.</summary>
public sealed class Sequence : Curve
{
    private readonly Curve[] curves;
    private readonly long[] milestones;

    /// <summary>Makes the curve.</summary>
    /// <param name="curves">The curves, in order.</param>
    /// <param name="milestones">The steps at which each but the first one takes over.</param>
    public Sequence(ReadOnlySpan<Curve> curves, ReadOnlySpan<long> milestones)
    {
        if (curves.Length == 0 || milestones.Length != curves.Length - 1)
            throw new ArgumentException(
                $"[sequence] {curves.Length} curves need {Math.Max(curves.Length - 1, 0)} milestones between them, not "
                    + $"{milestones.Length}.");
        for (int i = 0; i < milestones.Length; i++)
        {
            if (milestones[i] <= (i == 0 ? 0 : milestones[i - 1]))
                throw new ArgumentException($"[sequence] milestones must rise from above 0, but number {i} is {milestones[i]}.");
        }
        this.curves = curves.ToArray();
        this.milestones = milestones.ToArray();
    }

    /// <inheritdoc/>
    public override double At(long step, double rate)
    {
        int i = Index(step);
        return curves[i].At(i == 0 ? step : step - milestones[i - 1], rate);
    }

    /// <inheritdoc/>
    public override double MomentumAt(long step, double momentum)
    {
        int i = Index(step);
        return curves[i].MomentumAt(i == 0 ? step : step - milestones[i - 1], momentum);
    }

    private int Index(long step)
    {
        int i = 0;
        while (i < milestones.Length && milestones[i] <= step) i++;
        return i;
    }
}
