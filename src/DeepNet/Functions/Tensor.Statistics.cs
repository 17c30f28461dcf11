namespace DeepNet;

// Order statistics and counts. Where nothing else is said, NaN is the largest number.
public sealed partial class Tensor
{
    /// <summary>
    /// The quantile of all elements: the element of rank q·(n − 1), between elements as <paramref name="interpolation"/> says. NaN if there
    /// is NaN, unless it is ignored. The gradient goes to the elements that the result is made of.
    /// </summary>
    public Tensor Quantile(
        double q, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool ignoreNan = false)
        => OrderStatistics.Quantile(Flat, [q], 0, keepDim: false, isSingle: true, interpolation, ignoreNan);

    /// <summary>The quantiles along an axis; see <see cref="Quantile(double, QuantileInterpolation, bool)"/>.</summary>
    public Tensor Quantile(
        double q, int axis, bool keepDim = false, QuantileInterpolation interpolation = QuantileInterpolation.Linear,
        bool ignoreNan = false)
        => OrderStatistics.Quantile(this, [q], axis, keepDim, isSingle: true, interpolation, ignoreNan);

    /// <summary>Several quantiles of all elements, as a vector; see <see cref="Quantile(double, QuantileInterpolation, bool)"/>.</summary>
    public Tensor Quantile(
        ReadOnlySpan<double> q, QuantileInterpolation interpolation = QuantileInterpolation.Linear, bool ignoreNan = false)
        => OrderStatistics.Quantile(Flat, q, 0, keepDim: false, isSingle: false, interpolation, ignoreNan);

    /// <summary>
    /// Several quantiles along an axis, in a new first axis; see <see cref="Quantile(double, QuantileInterpolation, bool)"/>.
    /// </summary>
    public Tensor Quantile(
        ReadOnlySpan<double> q, int axis, bool keepDim = false, QuantileInterpolation interpolation = QuantileInterpolation.Linear,
        bool ignoreNan = false)
        => OrderStatistics.Quantile(this, q, axis, keepDim, isSingle: false, interpolation, ignoreNan);

    /// <summary>The median of all elements: of two in the middle the smaller one. NaN if there is NaN, unless it is ignored.</summary>
    public Tensor Median(bool ignoreNan = false) => OrderStatistics.Median(Flat, 0, keepDim: false, ignoreNan).Values;

    /// <summary>The medians along an axis, and where they are (int64); see <see cref="Median(bool)"/>.</summary>
    public (Tensor Values, Tensor Indices) Median(int axis, bool keepDim = false, bool ignoreNan = false)
        => OrderStatistics.Median(this, axis, keepDim, ignoreNan);

    /// <summary>The k-th smallest elements along an axis, from k = 1 on, and where they are (int64).</summary>
    public (Tensor Values, Tensor Indices) KthValue(int k, int axis = -1, bool keepDim = false)
        => OrderStatistics.KthValue(this, k, axis, keepDim);

    /// <summary>
    /// The most frequent elements along an axis, of several the smallest, and where each is last (int64). NaN equals nothing here.
    /// </summary>
    public (Tensor Values, Tensor Indices) Mode(int axis = -1, bool keepDim = false) => Ops.Mode.Of(this, axis, keepDim);

    /// <summary>
    /// Counts how often each integer from 0 on occurs in a vector, as int64; or adds up the weights that belong to it.
    /// </summary>
    /// <param name="weights">A number for each element. Their gradient is that of their sum.</param>
    /// <param name="minLength">The least length of the result, which otherwise ends with the largest integer.</param>
    public Tensor BinCount(Tensor? weights = null, int minLength = 0) => Ops.Histogram.Count(this, weights, minLength);

    /// <summary>
    /// Counts elements in bins of equal width. A bin holds its left edge, the last one its right edge too; what is outside or NaN is not
    /// counted.
    /// </summary>
    /// <param name="bins">The number of bins.</param>
    /// <param name="range">The outer edges; by default the smallest and the largest element.</param>
    /// <param name="weights">A number for each element, added up instead of ones.</param>
    /// <param name="density">Whether the counts are divided by their sum and by the widths, so that they integrate to 1.</param>
    /// <returns>The counts, of the element type if it is a floating one and of float32 if not, and the edges.</returns>
    public (Tensor Counts, Tensor Edges) Histogram(
        int bins, (double Min, double Max)? range = null, Tensor? weights = null, bool density = false)
        => Ops.Histogram.Of(this, bins, range, weights, density);

    /// <summary>
    /// Counts elements in bins between given edges, which rise; see
    /// <see cref="Histogram(int, ValueTuple{double, double}?, Tensor?, bool)"/>.
    /// </summary>
    public (Tensor Counts, Tensor Edges) Histogram(Tensor edges, Tensor? weights = null, bool density = false)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return Ops.Histogram.Of(this, edges, weights, density);
    }

    private Tensor Flat => Reshape(checked((int)Count));
}
