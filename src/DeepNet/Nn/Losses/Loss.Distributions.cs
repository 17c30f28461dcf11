namespace DeepNet.Nn;

public static partial class Loss
{
    /// <summary>The Kullback-Leibler divergence Σ t·(ln t − x) of a distribution t from one given by its logarithms.</summary>
    /// <param name="logProbability">The logarithms x of the predicted probabilities.</param>
    /// <param name="target">t, of the same shape.</param>
    /// <param name="logTarget">True if the target is given by its logarithms too.</param>
    /// <param name="reduction">The mean over elements is rarely what is meant: see <see cref="Reduction.BatchMean"/>.</param>
    /// <exception cref="ArgumentException">A target that is not given by its logarithm is negative.</exception>
    public static Tensor KlDivergence(
        Tensor logProbability, Tensor target, bool logTarget = false, Reduction reduction = Reduction.BatchMean)
    {
        RequireEqual("kl_divergence", logProbability, target, "log-probabilities");
        if (logTarget) return Reduce(target.Exp() * (target - logProbability), reduction);
        Domain.Mass.Require("kl_divergence", target);
        // 0·ln 0 is 0, in the gradient too.
        var log = Tensor.Where(target > 0, target, 1).Log();
        return Reduce(target * (log - logProbability), reduction);
    }

    /// <summary>The negative log-likelihood of targets under normal distributions with given mean and variance.</summary>
    /// <param name="mean">The means.</param>
    /// <param name="target">Of the same shape.</param>
    /// <param name="variance">The variances: of the same shape, with a last axis of 1, or without it.</param>
    /// <param name="full">True to add the constant ½·ln 2π.</param>
    /// <param name="epsilon">Variances count as no less.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A variance is negative.</exception>
    public static Tensor GaussianNll(
        Tensor mean, Tensor target, Tensor variance, bool full = false, double epsilon = 1e-6, Reduction reduction = Reduction.Mean)
    {
        const string op = "gaussian_nll";
        RequireEqual(op, mean, target, "mean");
        ArgumentNullException.ThrowIfNull(variance);
        if (variance.Rank == mean.Rank - 1 && variance.Shape.Axes.SequenceEqual(mean.Shape.Axes[..^1])) variance = variance.Unsqueeze(-1);
        bool isShared = variance.Rank == mean.Rank && mean.Rank > 0 && variance.Shape[^1] == 1
            && variance.Shape.Axes[..^1].SequenceEqual(mean.Shape.Axes[..^1]);
        if (!isShared) RequireEqual(op, mean, variance, "mean", "variance");
        Domain.Variance.Require(op, variance);
        variance = variance.Clamp(min: epsilon);
        var losses = 0.5 * (variance.Log() + (mean - target).Square() / variance);
        return Reduce(full ? losses + 0.5 * Math.Log(2 * Math.PI) : losses, reduction);
    }

    /// <summary>The negative log-likelihood of counts under Poisson distributions.</summary>
    /// <param name="rate">The expected counts, or their logarithms.</param>
    /// <param name="target">The counts, of the same shape.</param>
    /// <param name="logInput">True if the rate is given by its logarithm.</param>
    /// <param name="full">True to add Stirling's approximation of ln n! for counts above 1.</param>
    /// <param name="epsilon">The number added to a rate before its logarithm is taken.</param>
    /// <param name="reduction">The reduction of the losses.</param>
    /// <exception cref="ArgumentException">A count is negative, or a rate that is not given by its logarithm.</exception>
    public static Tensor PoissonNll(
        Tensor rate, Tensor target, bool logInput = true, bool full = false, double epsilon = 1e-8, Reduction reduction = Reduction.Mean)
    {
        const string op = "poisson_nll";
        RequireEqual(op, rate, target, "rate");
        Domain.Count.Require(op, target);
        if (!logInput) Domain.Rate.Require(op, rate);
        var losses = logInput ? rate.Exp() - target * rate : rate - target * (rate + epsilon).Log();
        if (full)
        {
            var counts = target > 1;
            var n = Tensor.Where(counts, target, 1);
            losses = losses + Tensor.Where(counts, n * n.Log() - n + 0.5 * (2 * Math.PI * n).Log(), 0);
        }
        return Reduce(losses, reduction);
    }
}
