using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Analysis;

/// <summary>
/// By how much a score falls when the values of one feature are shuffled among the examples: what a trained model makes of the feature.
/// Features that say the same share their importance, or seem to have none.
/// </summary>
/// <example><code>
/// var importance = PermutationImportance.Of(model.Forward, x, y, (scores, labels) => Accuracy(scores, labels));
/// importance.Plot(names).Save("importance.svg");
/// </code></example>
public sealed class PermutationImportance
{
    private PermutationImportance(double score, double[] means, double[] deviations)
        => (Score, Means, Deviations) = (score, means, deviations);

    /// <summary>Gets the score with all features as they are.</summary>
    public double Score { get; }

    /// <summary>Gets the mean fall of the score, for each feature.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>Gets the standard deviation of the fall over the repetitions, for each feature.</summary>
    public IReadOnlyList<double> Deviations { get; }

    /// <summary>Computes the importance of the features of a table.</summary>
    /// <param name="model">The model, a function of a batch; in the mode it is in.</param>
    /// <param name="x">A row for each example, a column for each feature; best examples that the model was not trained on.</param>
    /// <param name="y">The targets, as the score wants them.</param>
    /// <param name="score">The score of what the model gives for the targets: the larger the better. Negate a loss.</param>
    /// <param name="repeats">The number of times that each feature is shuffled.</param>
    /// <param name="generator">The source of the order; one of seed 0 if null.</param>
    /// <param name="cancellation">Stops between features.</param>
    public static PermutationImportance Of(
        Func<Tensor, Tensor> model, Tensor x, Tensor y, Func<Tensor, Tensor, double> score, int repeats = 5, Generator? generator = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(score);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        if (x.Rank != 2 || x.Shape[0] < 2)
            throw new ArgumentException(
                $"[permutation importance] the inputs are {x.Shape}; they must be (examples, features) with at least two examples.",
                nameof(x));
        generator ??= new Generator(0);
        using var quiet = Autograd.NoGrad();
        var input = x.Detach();
        int examples = x.Shape[0], features = x.Shape[1];
        double whole = score(model(input), y);
        double[] means = new double[features], deviations = new double[features];
        for (int feature = 0; feature < features; feature++)
        {
            double sum = 0, squares = 0;
            for (int i = 0; i < repeats; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = Memory.Scope();
                var shuffled = input.Clone();
                var order = Tensor.RandPerm(examples, device: x.Device, generator: generator);
                shuffled[.., feature] = input.Select(1, feature).IndexSelect(0, order);
                double fall = whole - score(model(shuffled), y);
                sum += fall;
                squares += fall * fall;
            }
            means[feature] = sum / repeats;
            deviations[feature] = Math.Sqrt(Math.Max(0, squares / repeats - means[feature] * means[feature]));
        }
        return new PermutationImportance(whole, means, deviations);
    }

    /// <summary>Draws a bar for each feature, with its standard deviation, the most important first.</summary>
    /// <param name="names">The names of the features; their numbers if not given.</param>
    /// <param name="most">The largest number of bars.</param>
    public Plot Plot(IReadOnlyList<string>? names = null, int most = 20)
    {
        if (names is not null && names.Count != Means.Count)
            throw new ArgumentException(
                $"[permutation importance] there are {Means.Count} features and {names.Count} names.", nameof(names));
        int[] order = [.. Enumerable.Range(0, Means.Count).OrderByDescending(i => Means[i]).Take(most)];
        return new Plot("Permutation importance") { YLabel = "fall of the score" }.Bar(
            [.. order.Select(i => names?[i] ?? i.ToString(CultureInfo.InvariantCulture))], [.. order.Select(i => Means[i])],
            errors: [.. order.Select(i => Deviations[i])]);
    }
}
