namespace DeepNet.Models;

/// <summary>
/// Labels from heuristics (data programming, Ratner et al. 2016): each labelling function votes for a class or abstains; a model of how
/// often each is right, found by expectation-maximisation without a single true label, weighs the votes.
/// </summary>
/// <remarks>
/// Functions are taken to err independently, given the class, and evenly over the wrong classes; whether one abstains is taken to say
/// nothing. Three functions that are better than chance are needed: with fewer, accuracies do not follow from agreements.
/// </remarks>
/// <example><code>
/// var votes = LabelModel.Vote(mails,
///     m => m.Contains("win") ? 1 : null, m => m.Contains("meeting") ? 0 : null, m => m.Length > 900 ? 0 : null);
/// var labels = LabelModel.Fit(votes, classes: 2);
/// var targets = Tensor.From(labels.Predict(votes));       // probabilities, as Loss.CrossEntropy takes them
/// </code></example>
public sealed class LabelModel
{
    /// <summary>The vote of a function that abstains.</summary>
    public const int Abstain = -1;

    private const double Surest = 1 - 1e-4;     // no function is believed without doubt
    private const double Settled = 1e-8;

    private readonly double[] accuracies, prior;

    private LabelModel(double[] accuracies, double[] prior, IReadOnlyList<double> history)
        => (this.accuracies, this.prior, LogLikelihoods) = (accuracies, prior, history);

    /// <summary>Gets how often each function is right where it votes, as estimated.</summary>
    public IReadOnlyList<double> Accuracies => accuracies;

    /// <summary>Gets the share of each class, as estimated.</summary>
    public IReadOnlyList<double> ClassShares => prior;

    /// <summary>Gets the mean log-likelihood of the votes after each step, which never falls.</summary>
    public IReadOnlyList<double> LogLikelihoods { get; }

    /// <summary>Applies labelling functions: (items, functions), <see cref="Abstain"/> where one gives null.</summary>
    public static int[,] Vote<T>(IReadOnlyList<T> items, params IReadOnlyList<Func<T, int?>> functions)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(functions);
        var votes = new int[items.Count, functions.Count];
        for (int i = 0; i < items.Count; i++)
            for (int j = 0; j < functions.Count; j++) votes[i, j] = functions[j](items[i]) ?? Abstain;
        return votes;
    }

    /// <summary>Estimates accuracies and shares from votes alone.</summary>
    /// <param name="votes">The class that each function votes for, (items, functions); <see cref="Abstain"/> for none.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="shares">The share of each class where it is known; estimated if null.</param>
    /// <param name="steps">The most steps of expectation-maximisation.</param>
    public static LabelModel Fit(int[,] votes, int classes, IReadOnlyList<double>? shares = null, int steps = 500)
    {
        ArgumentNullException.ThrowIfNull(votes);
        Check(votes, classes);
        int items = votes.GetLength(0), functions = votes.GetLength(1);
        if (items == 0 || functions == 0) throw new ArgumentException("[label_model] there are no votes.", nameof(votes));
        if (shares is not null && (shares.Count != classes || shares.Any(s => !(s >= 0)) || Math.Abs(shares.Sum() - 1) > 1e-6))
            throw new ArgumentException($"[label_model] the shares must be {classes} numbers that sum to 1.", nameof(shares));
        double[] accuracies = [.. Enumerable.Repeat(Math.Max(0.7, 1.5 / classes), functions)];
        double[] prior = shares is null ? [.. Enumerable.Repeat(1.0 / classes, classes)] : [.. shares];
        var history = new List<double>();
        for (int step = 0; step < steps; step++)
        {
            var posterior = Posterior(votes, accuracies, prior, out double likelihood);
            history.Add(likelihood / items);
            if (history.Count > 1 && history[^1] - history[^2] < Settled) break;
            for (int j = 0; j < functions; j++)
            {
                double right = 0, all = 0;
                for (int i = 0; i < items; i++)
                {
                    if (votes[i, j] == Abstain) continue;
                    right += posterior[i, votes[i, j]];
                    all++;
                }
                if (all > 0) accuracies[j] = Math.Clamp(right / all, 1 - Surest, Surest);
            }
            if (shares is not null) continue;
            Array.Clear(prior);
            for (int i = 0; i < items; i++)
                for (int c = 0; c < classes; c++) prior[c] += posterior[i, c] / items;
        }
        return new(accuracies, prior, history);
    }

    /// <summary>The probabilities of the classes given votes, (items, classes); those of an item without votes are the shares.</summary>
    public double[,] Predict(int[,] votes)
    {
        ArgumentNullException.ThrowIfNull(votes);
        Check(votes, prior.Length);
        if (votes.GetLength(1) != accuracies.Length)
            throw new ArgumentException($"[label_model] votes of {votes.GetLength(1)} functions, and {accuracies.Length} were learned.",
                nameof(votes));
        return Posterior(votes, accuracies, prior, out _);
    }

    private static double[,] Posterior(int[,] votes, double[] accuracies, double[] prior, out double likelihood)
    {
        int items = votes.GetLength(0), classes = prior.Length;
        var posterior = new double[items, classes];
        double[] logs = new double[classes], right = Array.ConvertAll(accuracies, Math.Log);
        double[] wrong = Array.ConvertAll(accuracies, a => Math.Log((1 - a) / (classes - 1)));
        likelihood = 0;
        for (int i = 0; i < items; i++)
        {
            for (int c = 0; c < classes; c++)
            {
                logs[c] = Math.Log(prior[c]);
                for (int j = 0; j < accuracies.Length; j++)
                    if (votes[i, j] != Abstain) logs[c] += votes[i, j] == c ? right[j] : wrong[j];
            }
            double most = logs.Max(), sum = logs.Sum(log => Math.Exp(log - most));
            for (int c = 0; c < classes; c++) posterior[i, c] = Math.Exp(logs[c] - most) / sum;
            likelihood += most + Math.Log(sum);
        }
        return posterior;
    }

    private static void Check(int[,] votes, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        foreach (int vote in votes)
            if (vote < Abstain || vote >= classes)
                throw new ArgumentException($"[label_model] a vote is {vote}: it must be a class from 0 to {classes - 1}, or Abstain.",
                    nameof(votes));
    }
}
