namespace DeepNet.Analysis;

/// <summary>
/// A mixture of Gaussians, fitted by expectation-maximisation: which group an example belongs to is a latent variable, found along with the
/// groups' means and covariances. Computed in double.
/// </summary>
/// <example><code>
/// var mixture = Enumerable.Range(1, 6).Select(k => GaussianMixture.Fit(x, k)).MinBy(m => m.Bic)!;
/// var groups = mixture.Responsibilities(x).ArgMax(1);
/// var more = mixture.Sample(100);
/// </code></example>
public sealed class GaussianMixture
{
    private const double Settled = 1e-8, Ridge = 1e-6;
    private const int LloydSteps = 10;

    private readonly Component[] components;
    private readonly int features;

    private GaussianMixture(Component[] components, MixtureCovariance covariance, int examples, List<double> history)
    {
        (this.components, features, Covariance, LogLikelihoods) = (components, components[0].Mean.Length, covariance, history);
        int shape = covariance == MixtureCovariance.Full ? features * (features + 1) / 2 : features;
        Bic = -2 * examples * history[^1] + (components.Length * (1 + features + shape) - 1) * Math.Log(examples);
    }

    /// <summary>Gets the number of components.</summary>
    public int Count => components.Length;

    /// <summary>Gets the shapes that the components may have.</summary>
    public MixtureCovariance Covariance { get; }

    /// <summary>Gets the share of each component.</summary>
    public IReadOnlyList<double> Weights => [.. components.Select(c => c.Weight)];

    /// <summary>The mean of a component.</summary>
    public IReadOnlyList<double> Mean(int component) => components[component].Mean;

    /// <summary>The covariance matrix of a component.</summary>
    public double[,] CovarianceOf(int component) => (double[,])components[component].Covariance.Clone();

    /// <summary>Gets the mean log-likelihood of an example after each step, which never falls (but by rounding).</summary>
    public IReadOnlyList<double> LogLikelihoods { get; }

    /// <summary>
    /// Gets the Bayesian information criterion, −2·ln L + p·ln N for p free parameters: of several mixtures of one data set the one with
    /// the lowest is likeliest.
    /// </summary>
    public double Bic { get; }

    /// <summary>Fits a mixture.</summary>
    /// <param name="x">A row for each example, a column for each feature.</param>
    /// <param name="components">The number of components.</param>
    /// <param name="covariance">The shapes that components may have.</param>
    /// <param name="steps">The most steps of each start.</param>
    /// <param name="starts">The number of starts, of which the best is kept.</param>
    /// <param name="seed">Decides where components begin: at examples far from each other (k-means++).</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static GaussianMixture Fit(
        Tensor x, int components, MixtureCovariance covariance = MixtureCovariance.Full, int steps = 200, int starts = 3, ulong seed = 0,
        CancellationToken cancellation = default)
    {
        var rows = Rows(x);
        if (components < 1 || components > rows.Length)
            throw new ArgumentOutOfRangeException(
                nameof(components), components, $"[gaussian_mixture] {rows.Length} examples have between 1 and {rows.Length} components.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(starts);
        int features = rows[0].Length;
        // A component that closes in on one point would have a density without bound.
        double ridge = Ridge * Math.Max(1e-12, Enumerable.Range(0, features).Average(f => Variance(rows, f)));
        GaussianMixture? best = null;
        for (int start = 0; start < (components == 1 ? 1 : starts); start++)
        {
            var current = Begin(rows, components, new Generator(seed + (ulong)start));
            var history = new List<double>();
            var found = Array.Empty<Component>();
            for (int step = 0; step < steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                found = Maximise(rows, current, covariance, ridge);
                current = Expect(rows, found, out double likelihood);
                history.Add(likelihood);
                if (step > 0 && history[^1] - history[^2] < Settled) break;
            }
            if (best is null || history[^1] > best.LogLikelihoods[^1]) best = new(found, covariance, rows.Length, history);
        }
        return best!;
    }

    /// <summary>The probabilities of the components given examples: (examples, components), in the element type of x.</summary>
    public Tensor Responsibilities(Tensor x)
    {
        var shares = Expect(Checked(x), components, out _);
        var result = new double[shares.Length, Count];
        for (int i = 0; i < shares.Length; i++)
            for (int k = 0; k < Count; k++) result[i, k] = shares[i][k];
        return Tensor.From(result).To(x.DType);
    }

    /// <summary>The logarithms of the densities of examples: (examples,), in the element type of x. Low ones are unlike the data.</summary>
    public Tensor LogDensity(Tensor x)
    {
        var rows = Checked(x);
        var logs = new double[Count];
        return Tensor.From<double>([.. rows.Select(row => LogSum(row, components, logs))]).To(x.DType);
    }

    /// <summary>Draws examples: (count, features), float64.</summary>
    public Tensor Sample(int count, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        generator ??= Generator.Default;
        var result = new double[count, features];
        double[] normal = Tensor.Randn(new Shape(Math.Max(1, count), features), DType.Float64, generator: generator).ToArray<double>();
        for (int i = 0; i < count; i++)
        {
            double left = generator.NextDouble();
            int k = 0;
            while (k < Count - 1 && (left -= components[k].Weight) >= 0) k++;
            for (int f = 0; f < features; f++)
            {
                result[i, f] = components[k].Mean[f];
                for (int g = 0; g <= f; g++) result[i, f] += components[k].Factor[f, g] * normal[i * features + g];
            }
        }
        return Tensor.From(result);
    }

    private double[][] Checked(Tensor x)
    {
        var rows = Rows(x);
        return rows[0].Length == features ? rows : throw new ArgumentException(
            $"[gaussian_mixture] x of shape {x.Shape} has {rows[0].Length} features and the mixture was fitted to {features}.", nameof(x));
    }

    private static double[][] Rows(Tensor x)
    {
        var data = Pca.Matrix("gaussian_mixture", x);
        if (data.Length == 0) throw new ArgumentException($"[gaussian_mixture] x of shape {x.Shape} is empty.", nameof(x));
        return [.. Enumerable.Range(0, data.GetLength(0))
            .Select(i => Enumerable.Range(0, data.GetLength(1)).Select(f => data[i, f]).ToArray())];
    }

    private static double Variance(double[][] rows, int feature)
    {
        double mean = rows.Average(r => r[feature]);
        return rows.Average(r => (r[feature] - mean) * (r[feature] - mean));
    }

    // Shares of 0 and 1 after a few steps of k-means from centres that were drawn far apart.
    private static double[][] Begin(double[][] rows, int components, Generator generator)
    {
        var centres = new List<double[]> { (double[])rows[(int)(generator.NextDouble() * rows.Length)].Clone() };
        while (centres.Count < components)
        {
            double[] distances = [.. rows.Select(row => centres.Min(c => SquaredDistance(row, c)))];
            double left = generator.NextDouble() * distances.Sum();
            int at = 0;
            while (at < rows.Length - 1 && (left -= distances[at]) >= 0) at++;
            centres.Add((double[])rows[at].Clone());
        }
        int[] nearest = new int[rows.Length];
        for (int step = 0; step < LloydSteps; step++)
        {
            for (int i = 0; i < rows.Length; i++)
                nearest[i] = Enumerable.Range(0, components).MinBy(k => SquaredDistance(rows[i], centres[k]));
            foreach (var group in Enumerable.Range(0, rows.Length).GroupBy(i => nearest[i]))
                for (int f = 0; f < rows[0].Length; f++) centres[group.Key][f] = group.Average(i => rows[i][f]);
        }
        return Array.ConvertAll(nearest, k => Enumerable.Range(0, components).Select(j => j == k ? 1.0 : 0).ToArray());
    }

    private static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int f = 0; f < a.Length; f++) sum += (a[f] - b[f]) * (a[f] - b[f]);
        return sum;
    }

    private static Component[] Maximise(double[][] rows, double[][] shares, MixtureCovariance kind, double ridge)
        => [.. Enumerable.Range(0, shares[0].Length).Select(k =>
        {
            int features = rows[0].Length;
            double all = Math.Max(1e-12, shares.Sum(s => s[k]));
            var mean = new double[features];
            var covariance = new double[features, features];
            for (int i = 0; i < rows.Length; i++) Vectors.Add(mean, shares[i][k] / all, rows[i]);
            for (int i = 0; i < rows.Length; i++)
            {
                if (shares[i][k] == 0) continue;
                for (int f = 0; f < features; f++)
                    for (int g = kind == MixtureCovariance.Full ? 0 : f; g <= f; g++)
                        covariance[f, g] += shares[i][k] / all * (rows[i][f] - mean[f]) * (rows[i][g] - mean[g]);
            }
            for (int f = 0; f < features; f++)
            {
                covariance[f, f] += ridge;
                for (int g = 0; g < f; g++) covariance[g, f] = covariance[f, g];
            }
            return new Component(all / rows.Length, mean, covariance);
        })];

    private static double[][] Expect(double[][] rows, Component[] components, out double likelihood)
    {
        likelihood = 0;
        var shares = new double[rows.Length][];
        var logs = new double[components.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            double sum = LogSum(rows[i], components, logs);
            likelihood += sum / rows.Length;
            shares[i] = Array.ConvertAll(logs, log => Math.Exp(log - sum));
        }
        return shares;
    }

    private static double LogSum(double[] row, Component[] components, double[] logs)
    {
        for (int k = 0; k < components.Length; k++) logs[k] = components[k].LogDensity(row);
        double most = logs.Max();
        return most + Math.Log(logs.Sum(log => Math.Exp(log - most)));
    }

    private sealed class Component
    {
        private readonly double constant;
        private readonly double[] solved;

        public Component(double weight, double[] mean, double[,] covariance)
        {
            (Weight, Mean, Covariance, Factor, solved) = (weight, mean, covariance, Cholesky(covariance), new double[mean.Length]);
            constant = Math.Log(weight) - 0.5 * mean.Length * Math.Log(2 * Math.PI);
            for (int f = 0; f < mean.Length; f++) constant -= Math.Log(Factor[f, f]);
        }

        public double Weight { get; }

        public double[] Mean { get; }

        public double[,] Covariance { get; }

        public double[,] Factor { get; }

        /// <summary>The logarithm of the weighted density, by the solution of a triangular system.</summary>
        public double LogDensity(double[] row)
        {
            double square = 0;
            for (int f = 0; f < solved.Length; f++)
            {
                double rest = row[f] - Mean[f];
                for (int g = 0; g < f; g++) rest -= Factor[f, g] * solved[g];
                solved[f] = rest / Factor[f, f];
                square += solved[f] * solved[f];
            }
            return constant - 0.5 * square;
        }

        private static double[,] Cholesky(double[,] a)
        {
            int n = a.GetLength(0);
            var l = new double[n, n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++)
                {
                    double sum = a[i, j];
                    for (int k = 0; k < j; k++) sum -= l[i, k] * l[j, k];
                    l[i, j] = i == j ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / l[j, j];
                }
            return l;
        }
    }
}
