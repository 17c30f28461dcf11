namespace DeepNet.Nn;

/// <summary>Signals, images or volumes of another size.</summary>
public sealed class Upsample : Layer
{
    private readonly int[]? size;
    private readonly double scale;
    private readonly InterpolationMode mode;
    private readonly bool alignCorners, antialias;

    /// <summary>Makes the layer for a factor.</summary>
    /// <param name="scale">By what all axes but N and C are multiplied.</param>
    /// <param name="mode">How values are computed.</param>
    /// <param name="alignCorners">True to have the outermost elements of both sizes at the same places.</param>
    /// <param name="antialias">True to average over all elements that a smaller image has one for.</param>
    public Upsample(
        double scale, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false, bool antialias = false)
        => (this.scale, this.mode, this.alignCorners, this.antialias) = (scale, mode, alignCorners, antialias);

    /// <summary>Makes the layer for a size.</summary>
    /// <param name="size">The lengths of all axes but N and C.</param>
    /// <param name="mode">How values are computed.</param>
    /// <param name="alignCorners">True to have the outermost elements of both sizes at the same places.</param>
    /// <param name="antialias">True to average over all elements that a smaller image has one for.</param>
    public Upsample(
        ReadOnlySpan<int> size, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false, bool antialias = false)
        => (this.size, this.mode, this.alignCorners, this.antialias) = (size.ToArray(), mode, alignCorners, antialias);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => size is null
        ? x.Interpolate(scale, mode, alignCorners, antialias) : x.Interpolate(size, mode, alignCorners, antialias);

    /// <inheritdoc/>
    public override string Description => $"Upsample({(size is null ? $"{scale}" : string.Join("×", size))}, {mode})";
}

/// <summary>Channels that become pixels: images (N, C, H · factor, W · factor) of (N, C · factor², H, W).</summary>
/// <param name="factor">The factor.</param>
public sealed class PixelShuffle(int factor) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.PixelShuffle(factor);

    /// <inheritdoc/>
    public override string Description => $"PixelShuffle({factor})";
}

/// <summary>Pixels that become channels: images (N, C · factor², H / factor, W / factor) of (N, C, H, W).</summary>
/// <param name="factor">The factor.</param>
public sealed class PixelUnshuffle(int factor) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.PixelUnshuffle(factor);

    /// <inheritdoc/>
    public override string Description => $"PixelUnshuffle({factor})";
}

/// <summary>The windows of images (N, C, H, W) as columns, (N, C · kernel, windows).</summary>
/// <param name="kernel">The size of the windows.</param>
/// <param name="stride">The step from one window to the next.</param>
/// <param name="padding">Zeros added at each side.</param>
/// <param name="dilation">The step between the elements of a window.</param>
public sealed class Unfold(Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Unfold2d(kernel, stride, padding, dilation);

    /// <inheritdoc/>
    public override string Description => $"Unfold({kernel})";
}

/// <summary>Images in which windows, as columns, are added up at their places: the adjoint of <see cref="Unfold"/>.</summary>
/// <param name="output">The size of the images.</param>
/// <param name="kernel">The size of the windows.</param>
/// <param name="stride">The step from one window to the next.</param>
/// <param name="padding">Zeros that were added at each side.</param>
/// <param name="dilation">The step between the elements of a window.</param>
public sealed class Fold(Pair output, Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Fold2d(output, kernel, stride, padding, dilation);

    /// <inheritdoc/>
    public override string Description => $"Fold({output}, {kernel})";
}

/// <summary>Something around the last axes: a constant, or the input itself.</summary>
public sealed class Pad : Layer
{
    private readonly (int Before, int After)[] lengths;
    private readonly PadMode mode;
    private readonly double value;

    /// <summary>Makes the layer.</summary>
    /// <param name="lengths">How much before and after each of the last axes, in the order of the axes.</param>
    /// <param name="mode">What.</param>
    /// <param name="value">The constant.</param>
    /// <example><code>
    /// new Pad([(1, 1), (2, 2)])                      // zeros: one row above and below, two columns left and right
    /// new Pad([(3, 3)], PadMode.Reflect)
    /// </code></example>
    public Pad(ReadOnlySpan<(int Before, int After)> lengths, PadMode mode = PadMode.Constant, double value = 0)
        => (this.lengths, this.mode, this.value) = (lengths.ToArray(), mode, value);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Pad(lengths, mode, value);

    /// <inheritdoc/>
    public override string Description => $"Pad({string.Join(", ", lengths)}, {mode})";
}

/// <summary>Channels that change places between groups, so that grouped convolutions meet those of others.</summary>
public sealed class ChannelShuffle : Layer
{
    private readonly int groups;

    /// <summary>Makes the layer.</summary>
    /// <param name="groups">Into how many groups the channels (axis 1) are split.</param>
    public ChannelShuffle(int groups)
    {
        Check.Positive("channel_shuffle", nameof(groups), groups);
        this.groups = groups;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 2 || x.Shape[1] % groups != 0)
            throw new ArgumentException(
                $"[channel_shuffle] expects (N, C, ...) with a multiple of {groups} channels on axis 1, got {x.Shape}.");
        return x.Unflatten(1, groups, x.Shape[1] / groups).Transpose(1, 2).Flatten(1, 2);
    }

    /// <inheritdoc/>
    public override string Description => $"ChannelShuffle({groups})";
}

/// <summary>Divides each element by a power of the sum of squares of its neighbours in the channels on both sides.</summary>
public sealed class LocalResponseNorm : Layer
{
    private readonly int size;
    private readonly double alpha, beta, k;

    /// <summary>Makes the layer: y = x / (k + alpha / size · Σ x²)^beta.</summary>
    /// <param name="size">The number of channels that are summed over.</param>
    /// <param name="alpha">The factor of the sum.</param>
    /// <param name="beta">The power.</param>
    /// <param name="k">What is added to the sum.</param>
    public LocalResponseNorm(int size, double alpha = 1e-4, double beta = 0.75, double k = 1)
    {
        Check.Positive("local_response_norm", nameof(size), size);
        (this.size, this.alpha, this.beta, this.k) = (size, alpha, beta, k);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 3) throw new ArgumentException($"[local_response_norm] expects (N, C, L) or (N, C, H, W), got {x.Shape}.");
        var squares = x.Square().Flatten(2).Pad([(size / 2, (size - 1) / 2), (0, 0)]);
        var mean = squares.Unfold(1, size).Mean(-1).Reshape(x.Shape.Axes);
        return x / (mean * alpha + k).Pow(beta);
    }

    /// <inheritdoc/>
    public override string Description => $"LocalResponseNorm({size})";
}
