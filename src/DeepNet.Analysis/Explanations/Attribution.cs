using System.Globalization;
using DeepNet.Plots;

namespace DeepNet.Analysis;

/// <summary>The share that each element of an input has in the score of a class, as a method of <see cref="Explain"/> finds it.</summary>
public sealed class Attribution
{
    internal Attribution(string method, Tensor inputs, Tensor values, int[] targets, double[] scores, double[]? gaps = null)
        => (Method, Inputs, Values, Targets, Scores, Gaps) = (method, inputs, values, targets, scores, gaps);

    /// <summary>Gets the name of the method.</summary>
    public string Method { get; }

    /// <summary>Gets the inputs that were explained.</summary>
    public Tensor Inputs { get; }

    /// <summary>Gets the shares: of the shape of the inputs, or with one channel where the method knows none.</summary>
    public Tensor Values { get; }

    /// <summary>Gets the class that is explained, for each example; 0 where the model has a single output.</summary>
    public IReadOnlyList<int> Targets { get; }

    /// <summary>Gets the score of that class, for each example.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>
    /// Gets, for integrated gradients, how far the sum of the shares is from the difference of the scores that it should be: take more
    /// steps where this is large. Null for other methods.
    /// </summary>
    public IReadOnlyList<double>? Gaps { get; }

    /// <summary>Gets the shares of one example by row and column: the sum over channels of an image, one row for a vector.</summary>
    /// <param name="example">The number of the example.</param>
    public double[,] Map(int example = 0) => ByPlace(Values, example);

    /// <summary>Draws one example: an image beside the shares of its pixels, or a bar for each feature of a vector.</summary>
    /// <param name="example">The number of the example.</param>
    /// <param name="names">The names of the features of a vector; their numbers if not given.</param>
    /// <param name="className">The name of the class in the title; its number if not given.</param>
    public Figure Plot(int example = 0, IReadOnlyList<string>? names = null, string? className = null)
    {
        double[,] map = Map(example);
        string score = Scores[example].ToString("0.###", CultureInfo.InvariantCulture);
        string title = $"{Method}: {className ?? $"class {Targets[example]}"}, score {score}";
        if (Inputs.Rank < 4) return Bars(title, map, names);
        double most = Math.Max(map.Cast<double>().Max(Math.Abs), double.Epsilon);
        var shares = new Plot("shares") { ColorMap = ColorMap.Diverging, ZMin = -most, ZMax = most, EqualAspect = true };
        var image = new Plot("input") { ColorMap = ColorMap.Grey, EqualAspect = true };
        return new PlotGrid(title, 2, image.HeatMap(ByPlace(Inputs, example)), shares.HeatMap(map));
    }

    private static Plot Bars(string title, double[,] map, IReadOnlyList<string>? names)
    {
        double[] shares = [.. map.Cast<double>()];
        if (names is not null && names.Count != shares.Length)
            throw new ArgumentException($"[attribution] there are {shares.Length} features and {names.Count} names.", nameof(names));
        names ??= [.. Enumerable.Range(0, shares.Length).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new Plot(title) { YLabel = "share of the score" }.Bar(names, shares);
    }

    private static double[,] ByPlace(Tensor tensor, int example)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(example);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(example, tensor.Shape[0]);
        using var quiet = Autograd.NoGrad();
        var one = tensor[example].To(DType.Float64);
        if (one.Rank > 2) one = one.Reshape([-1, .. one.Shape.Axes[^2..]]).Sum(0);
        return (one.Rank == 2 ? one : one.Reshape(1, -1)).ToMatrix<double>();
    }
}
