namespace DeepNet;

// Images of other sizes and places. Axes are (N, C, …).
public sealed partial class Tensor
{
    /// <summary>Signals (N, C, L), images (N, C, H, W) or volumes (N, C, D, H, W) of another size.</summary>
    /// <param name="size">The lengths of all axes but N and C.</param>
    /// <param name="mode">How values are computed.</param>
    /// <param name="alignCorners">
    /// True to have the outermost elements of both sizes at the same places; false for the borders of the outermost elements.
    /// </param>
    /// <param name="antialias">True to average over all elements that a smaller image has one for, as image libraries do.</param>
    /// <returns>The image; this tensor if its size is the given one.</returns>
    public Tensor Interpolate(
        ReadOnlySpan<int> size, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false, bool antialias = false)
        => Interpolation.Of(this, size, null, mode, alignCorners, antialias);

    /// <summary>The same by a factor: the size is this tensor's times the factor, rounded down.</summary>
    /// <param name="scale">The factor.</param>
    /// <param name="mode">How values are computed.</param>
    /// <param name="alignCorners">True to have the outermost elements of both sizes at the same places.</param>
    /// <param name="antialias">True to average over all elements that a smaller image has one for.</param>
    public Tensor Interpolate(
        double scale, InterpolationMode mode = InterpolationMode.Nearest, bool alignCorners = false, bool antialias = false)
        => Interpolation.Of(this, Interpolation.Sizes(Shape, scale), scale, mode, alignCorners, antialias);

    /// <summary>Images at places of a grid.</summary>
    /// <param name="grid">
    /// (N, height, width, 2): for each element of the result the place (x, y) in its image, of which −1 and 1 are the ends.
    /// </param>
    /// <param name="mode"><see cref="InterpolationMode.Linear"/> or <see cref="InterpolationMode.Nearest"/>.</param>
    /// <param name="padding">
    /// What is outside: zeros (<see cref="PadMode.Constant"/>), the outermost element (<see cref="PadMode.Replicate"/>) or the image
    /// mirrored (<see cref="PadMode.Reflect"/>, at the ends).
    /// </param>
    /// <param name="alignCorners">True if the ends are the centers of the outermost elements, false if they are their borders.</param>
    public Tensor GridSample(
        Tensor grid, InterpolationMode mode = InterpolationMode.Linear, PadMode padding = PadMode.Constant, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return GridSampling.Of(this, grid, mode, padding, alignCorners);
    }

    /// <summary>The places in an image that affine maps give the elements of a result, for <see cref="GridSample"/>.</summary>
    /// <param name="theta">The maps, (N, 2, 3).</param>
    /// <param name="height">The height of the result.</param>
    /// <param name="width">The width of the result.</param>
    /// <param name="alignCorners">As <see cref="GridSample"/> is given.</param>
    /// <returns>The grid, (N, height, width, 2).</returns>
    public static Tensor AffineGrid(Tensor theta, int height, int width, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(theta);
        return GridSampling.Affine(theta, height, width, alignCorners);
    }

    /// <summary>Images (…, C, H · factor, W · factor) of (…, C · factor², H, W): channels become pixels.</summary>
    public Tensor PixelShuffle(int factor) => Pixels.Shuffle(this, factor);

    /// <summary>Images (…, C · factor², H / factor, W / factor) of (…, C, H, W): undoes <see cref="PixelShuffle"/>.</summary>
    public Tensor PixelUnshuffle(int factor) => Pixels.Unshuffle(this, factor);

    /// <summary>The windows of images (N, C, H, W) as columns, (N, C · kernel, windows), also known as im2col.</summary>
    /// <param name="kernel">The size of the windows.</param>
    /// <param name="stride">The step from one window to the next.</param>
    /// <param name="padding">Zeros added at each side.</param>
    /// <param name="dilation">The step between the elements of a window.</param>
    public Tensor Unfold2d(Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null)
        => Patches.Unfold(this, kernel, stride ?? 1, padding ?? 0, dilation ?? 1);

    /// <summary>
    /// Images in which the windows are added up at their places, also known as col2im: the adjoint of <see cref="Unfold2d"/>.
    /// </summary>
    /// <param name="output">The size of the images.</param>
    /// <param name="kernel">The size of the windows.</param>
    /// <param name="stride">The step from one window to the next.</param>
    /// <param name="padding">Zeros that were added at each side.</param>
    /// <param name="dilation">The step between the elements of a window.</param>
    public Tensor Fold2d(Pair output, Pair kernel, Pair? stride = null, Pair? padding = null, Pair? dilation = null)
        => Patches.Fold(this, output, kernel, stride ?? 1, padding ?? 0, dilation ?? 1);
}
