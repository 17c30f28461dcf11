using DeepNet.Plots;

namespace DeepNet.Training;

/// <summary>Represents the losses that <see cref="LearningRateFinder"/> met at rising learning rates.</summary>
public sealed class LearningRateSweep
{
    // The running mean of the first losses is as noisy as they are.
    private const int Skipped = 10;

    private readonly List<double> rates = [], losses = [], smoothed = [];
    private readonly double keep;
    private double sum, weight;

    internal LearningRateSweep(double keep) => this.keep = keep;

    /// <summary>Gets the learning rates of the steps, rising.</summary>
    public IReadOnlyList<double> Rates => rates;

    /// <summary>Gets the loss before each step, with the weights that the steps before it made.</summary>
    public IReadOnlyList<double> Losses => losses;

    /// <summary>Gets their running mean.</summary>
    public IReadOnlyList<double> Smoothed => smoothed;

    /// <summary>Gets a value that is true if the sweep ended because the loss rose far or was not finite.</summary>
    public bool HasDiverged { get; private set; }

    /// <summary>
    /// Gets the learning rate at which the running mean falls fastest: a good one to train with. Null if it falls nowhere.
    /// </summary>
    public double? Steepest
    {
        get
        {
            int best = -1, end = Lowest;
            double least = 0;
            for (int i = Math.Max(1, rates.Count / Skipped); i < end; i++)
            {
                double slope = smoothed[i + 1] - smoothed[i - 1];
                if (slope < least) (best, least) = (i, slope);
            }
            return best < 0 ? null : rates[best];
        }
    }

    /// <summary>
    /// Gets a tenth of the learning rate at which the running mean is lowest: about the largest to train with, as for the peak of a
    /// one-cycle schedule.
    /// </summary>
    public double MinimumTenth => rates[Lowest] / 10;

    private int Lowest => smoothed.IndexOf(smoothed.Min());

    /// <summary>Takes in a step; false if the sweep is at its end.</summary>
    internal bool Add(double rate, double loss, double divergence)
    {
        if (!double.IsFinite(loss))
        {
            HasDiverged = true;
            return false;
        }
        (sum, weight) = (keep * sum + (1 - keep) * loss, keep * weight + (1 - keep));
        rates.Add(rate);
        losses.Add(loss);
        smoothed.Add(sum / weight);
        // Losses may be negative: how far it is up is measured by how far it came down too.
        double lowest = smoothed.Min(), scale = Math.Max(Math.Abs(lowest), smoothed[0] - lowest);
        HasDiverged = smoothed.Count > 1 && smoothed[^1] > lowest + (divergence - 1) * scale;
        return !HasDiverged;
    }

    /// <summary>Plots the losses over the learning rate, with both suggestions.</summary>
    public Plot Plot()
    {
        double most = smoothed.Max();
        var plot = new Plot("Learning rates")
        {
            XLabel = "learning rate", YLabel = "loss", XScale = AxisScale.Log,
            // One wild step at the end would leave no room for the others.
            YMax = losses.Max() > 2 * Math.Abs(most) ? most + 0.1 * Math.Abs(most) : null,
        };
        plot.Line(rates, losses, "each step", color: 7).Line(rates, smoothed, "running mean", color: 0);
        if (Steepest is { } steepest) plot.VerticalLine(steepest, $"steepest: {Compact.Number(steepest, 2)}");
        return plot.VerticalLine(MinimumTenth, $"a tenth of the minimum: {Compact.Number(MinimumTenth, 2)}");
    }

    /// <summary>Returns both suggestions in a line.</summary>
    public override string ToString()
    {
        string steepest = Steepest is { } rate ? $"the loss falls fastest at {Figures.Text(rate)}" : "the loss falls nowhere";
        return $"learning rates: {steepest}, and a tenth of where it is lowest is {Figures.Text(MinimumTenth)} ({rates.Count} steps"
            + $"{(HasDiverged ? ", until it diverged" : "")})";
    }
}
