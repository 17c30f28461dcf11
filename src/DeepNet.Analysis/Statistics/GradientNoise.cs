using DeepNet.Nn;

namespace DeepNet.Analysis;

/// <summary>Represents the noise of a mini-batch's gradient.</summary>
/// <param name="Batches">The number of batches.</param>
/// <param name="Variance">The sum of the variances of all components: the mean squared distance of a batch's gradient from the true
/// one.</param>
/// <param name="SquaredNorm">The squared length of the true gradient, without the part that noise adds to it; may come out below 0 where
/// noise hides it.</param>
/// <param name="StandardError">The standard error of <paramref name="Variance"/>.</param>
/// <param name="Mean">The mean gradient.</param>
public sealed record GradientNoise(int Batches, double Variance, double SquaredNorm, double StandardError, IReadOnlyList<double> Mean)
{
    /// <summary>Noise relative to signal. Times the batch size it is the size from which larger batches hardly help any more.</summary>
    public double Ratio => Variance / SquaredNorm;

    /// <summary>Measures the gradients of batches at the present parameters.</summary>
    /// <param name="batchLoss">The loss of batch i, a single number (a mean over the batch).</param>
    /// <param name="batches">The number of batches, at least two.</param>
    /// <param name="parameters">The parameters to differentiate by.</param>
    /// <param name="progress">Receives each batch.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public static GradientNoise Measure(
        Func<int, Tensor> batchLoss, int batches, IEnumerable<Parameter> parameters, IProgress<AnalysisProgress>? progress = null,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batchLoss);
        if (batches < 2)
            throw new ArgumentOutOfRangeException(nameof(batches), batches, "[gradient_noise] a variance needs at least two batches.");
        int current = 0;
        var objective = new Objective(() => batchLoss(current), parameters);
        var mean = new double[objective.Size];
        var gradients = new double[batches][];
        for (; current < batches; current++)
        {
            cancellation.ThrowIfCancellationRequested();
            gradients[current] = objective.Gradient();
            Vectors.Add(mean, 1.0 / batches, gradients[current]);
            progress?.Report(new("gradient noise", current + 1, batches));
        }
        var distances = Array.ConvertAll(gradients, g =>
        {
            var away = Vectors.Sum(g, -1, mean);
            return Vectors.Dot(away, away) * batches / (batches - 1);        // the mean lies closer to the batches than the truth
        });
        var variance = Estimate.Of(distances);
        return new(batches, variance.Mean, Vectors.Dot(mean, mean) - variance.Mean / batches, variance.StandardError, mean);
    }
}
