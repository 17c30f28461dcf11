namespace DeepNet;

// Pooling over the last axes of signals (N, C, L), images (N, C, H, W) or volumes (N, C, D, H, W); N may be missing.
public sealed partial class Tensor
{
    /// <summary>The largest element of each window. NaN counts as largest; the gradient goes to the first of equal elements.</summary>
    /// <param name="kernel">The size of the window.</param>
    /// <param name="stride">The step from one window to the next; the window's size if not given.</param>
    /// <param name="padding">How far windows reach over the border, at most half their size. What is there never wins.</param>
    /// <param name="dilation">The step between the elements of a window.</param>
    /// <param name="ceilMode">Keeps a last window that is only partly inside.</param>
    public Tensor MaxPool2d(Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null, bool ceilMode = false)
        => MaxPool.Of(Pooling.Sliding("max_pool2d", this, kernel, stride, padding ?? 0, dilation ?? 1, ceilMode, true),
        Pooling.Comparable(this));

    /// <summary>The same, and where each element was found: its int64 number in its image, row by row.</summary>
    /// <inheritdoc cref="MaxPool2d" path="/param"/>
    public (Tensor Values, Tensor Indices) MaxPool2dWithIndices(
        Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null, bool ceilMode = false)
        => MaxPool.WithIndices(Pooling.Sliding("max_pool2d", this, kernel, stride, padding ?? 0, dilation ?? 1, ceilMode, true),
        Pooling.Comparable(this));

    /// <summary>The largest element of each window of a signal.</summary>
    /// <inheritdoc cref="MaxPool2d" path="/param"/>
    public Tensor MaxPool1d(int kernel, int? stride = null, int padding = 0, int dilation = 1, bool ceilMode = false)
        => MaxPool.Of(Pooling.Sliding1d("max_pool1d", this, kernel, stride, padding, dilation, ceilMode, true), Pooling.Comparable(this));

    /// <summary>The mean of each window.</summary>
    /// <param name="kernel">The size of the window.</param>
    /// <param name="stride">The step from one window to the next; the window's size if not given.</param>
    /// <param name="padding">How many zeros there are at each side, at most half the window's size.</param>
    /// <param name="ceilMode">Keeps a last window that is only partly inside.</param>
    /// <param name="countIncludePad">Whether the zeros of the padding count in the mean.</param>
    public Tensor AvgPool2d(Pair kernel, Pair? stride = null, Pair? padding = null, bool ceilMode = false, bool countIncludePad = true)
        => AvgPool.Of(Pooling.Sliding("avg_pool2d", this, kernel, stride, padding ?? 0, 1, ceilMode, countIncludePad),
        Pooling.Floating(this));

    /// <summary>The mean of each window of a signal.</summary>
    /// <inheritdoc cref="AvgPool2d" path="/param"/>
    public Tensor AvgPool1d(int kernel, int? stride = null, int padding = 0, bool ceilMode = false, bool countIncludePad = true)
        => AvgPool.Of(Pooling.Sliding1d("avg_pool1d", this, kernel, stride, padding, 1, ceilMode, countIncludePad), Pooling.Floating(this));

    /// <summary>Means over windows that are chosen so that the result has the given size; 1 is the mean of each whole channel.</summary>
    public Tensor AdaptiveAvgPool2d(Pair output)
        => AvgPool.Of(Pooling.Adaptive("adaptive_avg_pool2d", this, output), Pooling.Floating(this));

    /// <summary>The largest elements of windows that are chosen so that the result has the given size.</summary>
    public Tensor AdaptiveMaxPool2d(Pair output)
        => MaxPool.Of(Pooling.Adaptive("adaptive_max_pool2d", this, output), Pooling.Comparable(this));

    /// <summary>The mean of each window of a signal, of as many windows as the result is to be long.</summary>
    public Tensor AdaptiveAvgPool1d(int output)
        => AvgPool.Of(Pooling.Adaptive1d("adaptive_avg_pool1d", this, output), Pooling.Floating(this));

    /// <summary>The largest element of each window of a signal, of as many windows as the result is to be long.</summary>
    public Tensor AdaptiveMaxPool1d(int output)
        => MaxPool.Of(Pooling.Adaptive1d("adaptive_max_pool1d", this, output), Pooling.Comparable(this));

    /// <summary>The largest element of each window of volumes (N, C, D, H, W), or of one without N.</summary>
    /// <inheritdoc cref="MaxPool2d" path="/param"/>
    public Tensor MaxPool3d(Triple kernel, Triple? stride = null, Triple? padding = null, Triple? dilation = null, bool ceilMode = false)
        => Pooling.SlidingVolume(
            "max_pool3d", Pooling.Comparable(this), kernel, stride, padding ?? 0, dilation ?? 1, ceilMode, true, MaxPool.Of);

    /// <summary>The mean of each window of volumes (N, C, D, H, W), or of one without N.</summary>
    /// <inheritdoc cref="AvgPool2d" path="/param"/>
    public Tensor AvgPool3d(
        Triple kernel, Triple? stride = null, Triple? padding = null, bool ceilMode = false, bool countIncludePad = true)
        => Pooling.SlidingVolume(
            "avg_pool3d", Pooling.Floating(this), kernel, stride, padding ?? 0, 1, ceilMode, countIncludePad, AvgPool.Of);

    /// <summary>Means over windows of volumes that are chosen so that the result has the given size.</summary>
    public Tensor AdaptiveAvgPool3d(Triple output)
        => Pooling.AdaptiveVolume("adaptive_avg_pool3d", Pooling.Floating(this), output, AvgPool.Of);

    /// <summary>The largest elements of windows of volumes that are chosen so that the result has the given size.</summary>
    public Tensor AdaptiveMaxPool3d(Triple output)
        => Pooling.AdaptiveVolume("adaptive_max_pool3d", Pooling.Comparable(this), output, MaxPool.Of);
}
