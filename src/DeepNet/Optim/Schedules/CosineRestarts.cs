namespace DeepNet.Optim;

/// <summary>Half cosines one after another, each starting at the full rate (SGDR; Loshchilov and Hutter 2017).</summary>
/// <param name="first">The number of steps of the first one.</param>
/// <param name="growth">The length of each in units of the one before.</param>
/// <param name="floor">The rate that each goes down to.</param>
public sealed class CosineRestarts(long first, int growth = 1, double floor = 0) : Curve
{
    private readonly long first = Check.Steps(nameof(first), first), growth = Check.Steps(nameof(growth), growth);
    private readonly double floor = Check.NotNegative(nameof(floor), floor);

    /// <inheritdoc/>
    public override double At(long step, double rate)
    {
        long length = first;
        if (growth == 1)
        {
            step %= length;
        }
        else
        {
            while (step >= length)
            {
                step -= length;
                length *= growth;
            }
        }
        return CosineDecay.Between(rate, floor, (double)step / length);
    }
}
