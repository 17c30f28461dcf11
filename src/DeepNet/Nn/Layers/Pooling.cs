namespace DeepNet.Nn;

/// <summary>The largest of each window of images (N, C, H, W).</summary>
/// <param name="kernel">The window.</param>
/// <param name="stride">The step; by default the window's size.</param>
/// <param name="padding">What is added at each side; it never is the largest.</param>
/// <param name="dilation">The step within the window.</param>
/// <param name="ceilMode">True to let windows reach over the end.</param>
public sealed class MaxPool2d(Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.MaxPool2d(kernel, stride, padding, dilation, ceilMode);
}

/// <summary>The largest of each window of signals (N, C, L).</summary>
/// <inheritdoc cref="MaxPool2d" path="/param"/>
public sealed class MaxPool1d(int kernel, int? stride = null, int padding = 0, int dilation = 1, bool ceilMode = false) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.MaxPool1d(kernel, stride, padding, dilation, ceilMode);
}

/// <summary>The mean of each window of images (N, C, H, W).</summary>
/// <param name="kernel">The window.</param>
/// <param name="stride">The step; by default the window's size.</param>
/// <param name="padding">Zeros that are added at each side.</param>
/// <param name="ceilMode">True to let windows reach over the end.</param>
/// <param name="countIncludePad">True if the added zeros count.</param>
public sealed class AvgPool2d(Pair kernel, Pair? stride = null, Pair? padding = null, bool ceilMode = false, bool countIncludePad = true)
    : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AvgPool2d(kernel, stride, padding, ceilMode, countIncludePad);
}

/// <summary>The mean of each window of signals (N, C, L).</summary>
/// <inheritdoc cref="AvgPool2d" path="/param"/>
public sealed class AvgPool1d(int kernel, int? stride = null, int padding = 0, bool ceilMode = false, bool countIncludePad = true) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AvgPool1d(kernel, stride, padding, ceilMode, countIncludePad);
}

/// <summary>The largest of each window of volumes (N, C, D, H, W).</summary>
/// <inheritdoc cref="MaxPool2d" path="/param"/>
public sealed class MaxPool3d(Triple kernel, Triple? stride = null, Triple? padding = null, Triple? dilation = null, bool ceilMode = false)
    : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.MaxPool3d(kernel, stride, padding, dilation, ceilMode);
}

/// <summary>The mean of each window of volumes (N, C, D, H, W).</summary>
/// <inheritdoc cref="AvgPool2d" path="/param"/>
public sealed class AvgPool3d(
    Triple kernel, Triple? stride = null, Triple? padding = null, bool ceilMode = false, bool countIncludePad = true) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AvgPool3d(kernel, stride, padding, ceilMode, countIncludePad);
}

/// <summary>Means over as many windows as make a signal of a given length.</summary>
/// <param name="output">The length.</param>
public sealed class AdaptiveAvgPool1d(int output) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AdaptiveAvgPool1d(output);
}

/// <summary>Maxima over as many windows as make a signal of a given length.</summary>
/// <param name="output">The length.</param>
public sealed class AdaptiveMaxPool1d(int output) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AdaptiveMaxPool1d(output);
}

/// <summary>Means over as many windows as make a volume of a given size.</summary>
/// <param name="output">The size.</param>
public sealed class AdaptiveAvgPool3d(Triple output) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AdaptiveAvgPool3d(output);
}

/// <summary>Maxima over as many windows as make a volume of a given size.</summary>
/// <param name="output">The size.</param>
public sealed class AdaptiveMaxPool3d(Triple output) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AdaptiveMaxPool3d(output);
}

/// <summary>Means over as many windows as make an output of a given size.</summary>
/// <param name="output">The size.</param>
public sealed class AdaptiveAvgPool2d(Pair output) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AdaptiveAvgPool2d(output);
}

/// <summary>Maxima over as many windows as make an output of a given size.</summary>
/// <param name="output">The size.</param>
public sealed class AdaptiveMaxPool2d(Pair output) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AdaptiveMaxPool2d(output);
}

/// <summary>The mean of each channel: (N, C) of (N, C, …).</summary>
public sealed class GlobalAvgPool : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => GlobalPool.Planes("global_avg_pool", x).Mean(2);
}

/// <summary>The largest of each channel: (N, C) of (N, C, …).</summary>
public sealed class GlobalMaxPool : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => GlobalPool.Planes("global_max_pool", x).Max(2);
}

internal static class GlobalPool
{
    public static Tensor Planes(string op, Tensor x) => x.Rank >= 3
        ? x.Reshape(x.Shape[0], x.Shape[1], -1)
        : throw new ArgumentException($"[{op}] expects (N, C, L) or (N, C, H, W), got {x.Shape}.");
}
