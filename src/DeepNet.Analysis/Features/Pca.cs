namespace DeepNet.Analysis;

/// <summary>
/// Principal components: the directions in which data vary most, one at a right angle to the next. Computed in double from the covariance
/// of the features, or of the examples where there are fewer of those.
/// </summary>
/// <example><code>
/// var pca = Pca.Fit(x, components: 2);
/// var plane = pca.Transform(x);            // (examples, 2)
/// double kept = pca.ExplainedRatio.Sum();  // share of the variance that the plane shows
/// </code></example>
public sealed class Pca
{
    private readonly double[] mean;
    private readonly double[][] components;

    private Pca(double[] mean, double[][] components, double[] variances, double total)
        => (this.mean, this.components, ExplainedVariance, TotalVariance) = (mean, components, variances, total);

    /// <summary>The mean of every feature.</summary>
    public IReadOnlyList<double> Mean => mean;

    /// <summary>Gets the number of components.</summary>
    public int Count => components.Length;

    /// <summary>A direction of length 1, the most important one first. Its largest element is positive.</summary>
    public IReadOnlyList<double> Component(int i) => components[i];

    /// <summary>The variance along each component, divided by examples − 1.</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>The sum of the variances of all features.</summary>
    public double TotalVariance { get; }

    /// <summary>Each component's share of the whole variance.</summary>
    public IReadOnlyList<double> ExplainedRatio => [.. ExplainedVariance.Select(v => TotalVariance > 0 ? v / TotalVariance : 0)];

    /// <summary>Finds the components of data.</summary>
    /// <param name="x">A row for each example, a column for each feature.</param>
    /// <param name="components">The number of components to keep; all that there can be if not given.</param>
    /// <param name="cancellation">Stops between rows of the covariances.</param>
    public static Pca Fit(Tensor x, int? components = null, CancellationToken cancellation = default)
    {
        var data = Matrix("pca", x);
        int examples = data.GetLength(0), features = data.GetLength(1), most = Math.Min(examples, features);
        int count = components ?? most;
        if (examples < 2)
            throw new ArgumentException(
                $"[pca] {examples} example has no variance: at least 2 are needed. Is x of shape {x.Shape} transposed?", nameof(x));
        if (count < 1 || count > most)
            throw new ArgumentOutOfRangeException(
                nameof(components), count, $"[pca] {examples} examples of {features} features have between 1 and {most} components.");

        var rows = Enumerable.Range(0, examples).Select(_ => new double[features]).ToArray();
        var mean = new double[features];
        for (int i = 0; i < examples; i++)
            for (int f = 0; f < features; f++) mean[f] += data[i, f] / examples;
        for (int i = 0; i < examples; i++)
            for (int f = 0; f < features; f++) rows[i][f] = data[i, f] - mean[f];
        double total = rows.Sum(r => Vectors.Dot(r, r)) / (examples - 1);

        // XᵀX and XXᵀ have the same eigenvalues; the smaller one is decomposed.
        bool byExamples = examples < features;
        var vectors = byExamples ? rows : Transposed(rows, features);
        var gram = new double[vectors.Length, vectors.Length];
        for (int i = 0; i < vectors.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j <= i; j++) gram[i, j] = gram[j, i] = Vectors.Dot(vectors[i], vectors[j]) / (examples - 1);
        }
        var eigen = new SymmetricMatrix(gram).Eigen();
        var found = new double[count][];
        var variances = new double[count];
        for (int c = 0; c < count; c++)
        {
            int place = vectors.Length - 1 - c;
            variances[c] = Math.Max(0, eigen.Values[place]);
            found[c] = byExamples ? InFeatures(eigen.Raw(place), rows, found, c) : eigen.Raw(place);
        }
        return new(mean, found, variances, total);
    }

    /// <summary>Places of examples along the components: (examples, components), in the element type of x.</summary>
    public Tensor Transform(Tensor x)
    {
        var data = Matrix("pca", x);
        if (data.GetLength(1) != mean.Length)
            throw new ArgumentException(
                $"[pca] x of shape {x.Shape} has {data.GetLength(1)} features and the components were found for {mean.Length}.", nameof(x));
        var result = new double[data.GetLength(0), Count];
        var row = new double[mean.Length];
        for (int i = 0; i < data.GetLength(0); i++)
        {
            for (int f = 0; f < row.Length; f++) row[f] = data[i, f] - mean[f];
            for (int c = 0; c < Count; c++) result[i, c] = Vectors.Dot(row, components[c]);
        }
        return Tensor.From(result).To(x.DType);
    }

    /// <summary>Examples from their places along the components: what <see cref="Transform"/> left out is missing.</summary>
    public Tensor Inverse(Tensor places)
    {
        var data = Matrix("pca", places);
        if (data.GetLength(1) != Count)
            throw new ArgumentException(
                $"[pca] places of shape {places.Shape} have {data.GetLength(1)} columns and there are {Count} components.", nameof(places));
        var result = new double[data.GetLength(0), mean.Length];
        var row = new double[mean.Length];
        for (int i = 0; i < data.GetLength(0); i++)
        {
            mean.CopyTo(row, 0);
            for (int c = 0; c < Count; c++) Vectors.Add(row, data[i, c], components[c]);
            for (int f = 0; f < row.Length; f++) result[i, f] = row[f];
        }
        return Tensor.From(result).To(places.DType);
    }

    internal static double[,] Matrix(string op, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 2)
            throw new ArgumentException(
                $"[{op}] x of shape {x.Shape} must be a matrix: a row for each example, a column for each feature. Flatten "
                    + "images: x.Flatten(1).", nameof(x));
        var data = x.Detach().ToMatrix<double>();
        foreach (double v in data)
            if (!double.IsFinite(v))
                throw new ArgumentException(
                    $"[{op}] an element of x is NaN or infinite. Fill in or drop what is missing first.", nameof(x));
        return data;
    }

    private static double[] InFeatures(double[] inExamples, double[][] rows, double[][] before, int count)
    {
        var v = new double[rows[0].Length];
        for (int i = 0; i < rows.Length; i++) Vectors.Add(v, inExamples[i], rows[i]);
        // The last component of all is 0 up to rounding, because the mean was taken out: any direction will do that the others leave.
        for (int axis = 0; ; axis++)
        {
            double length = Vectors.Norm(v);
            for (int pass = 0; pass < 2; pass++)
                for (int c = 0; c < count; c++) Vectors.Add(v, -Vectors.Dot(v, before[c]), before[c]);
            double left = Vectors.Norm(v);
            if (left > 1e-7 * length && left > 0)
            {
                Vectors.Scale(v, 1 / left);
                Vectors.Orient(v);
                return v;
            }
            Array.Clear(v);
            v[axis] = 1;
        }
    }

    private static double[][] Transposed(double[][] rows, int columns)
        => [.. Enumerable.Range(0, columns).Select(f => Array.ConvertAll(rows, r => r[f]))];
}
