namespace DeepNet.Devices.Cpu;

/// <summary>
/// 3 × 3 convolutions by Winograd's algorithm F(4 × 4, 3 × 3): 16 outputs take 36 multiplications a channel instead of 144. Tiles of
/// 6 × 6 pixels are transformed to 36 points, multiplied with transformed weights (a matrix product over the channels for each
/// point), and transformed back to 4 × 4 outputs. The gradient of the weight goes the adjoint way: the product is summed over tiles.
/// </summary>
/// <remarks>
/// Transforms run over the channels of a pixel, so they are sums of vectors and nothing is turned. They multiply by up to 8 on
/// the way back, so rounding errors are some ten times those of the direct sum: below 1e-5 of the largest result, a few 1e-6 as
/// a rule. The algorithm is chosen by the shape alone, and no sum depends on the number of threads. An infinite element makes
/// its whole tile of outputs undefined.
/// </remarks>
internal static unsafe class Winograd
{
    /// <summary>Outputs along one axis of a tile, and the elements that they read.</summary>
    public const int Side = 4, Reach = 6, Points = Reach * Reach;

    /// <summary>With fewer channels the transforms cost more than they save.</summary>
    private const int LeastChannels = 12;

    /// <summary>
    /// With fewer tiles than these, the weights of as many pairs of channels as those take longer to transform than they save.
    /// </summary>
    private const int LeastTiles = 32, ManyWeights = 128 * 128;

    /// <summary>True if the algorithm fits and wins.</summary>
    public static bool Suits(in ConvolutionGeometry geometry, DType dtype)
        => dtype == DType.Float32 && geometry.Groups == 1 && geometry.In >= LeastChannels && geometry.Out >= LeastChannels
        && Packing.CanTranspose
            && Suits(geometry.Rows) && Suits(geometry.Columns) && (IsManyTiles(geometry) || (long)geometry.In * geometry.Out < ManyWeights);

    // Transformed weights are four times as many, and have to be written and read: few tiles would wait for them.
    private static bool IsManyTiles(in ConvolutionGeometry geometry)
        => (long)geometry.Batch * ((geometry.Rows.Output + Side - 1) / Side) * ((geometry.Columns.Output + Side - 1) / Side) >= LeastTiles;

    // An image of less than a tile would be mostly padding.
    private static bool Suits(in Taps axis)
        => axis is { Kernel: 3, Stride: 1, Dilation: 1, Before: >= 0 and <= 2, Input: >= Side, Output: >= Side };

    private static WinogradPlan Forward(in ConvolutionGeometry geometry)
        => new(geometry.Batch, geometry.In, geometry.Out, geometry.Rows, geometry.Columns);

    private static WinogradPlan Backward(in ConvolutionGeometry geometry)
        => new(geometry.Batch, geometry.Out, geometry.In, geometry.Rows.Mirrored, geometry.Columns.Mirrored);

    /// <summary>Gets the size of the transformed weight, for the result and for the gradient of the image.</summary>
    public static nint WorkspaceForResult(in ConvolutionGeometry geometry) => WinogradWeight.Size(Forward(geometry), Lanes);

    /// <inheritdoc cref="WorkspaceForResult"/>
    public static nint WorkspaceForImage(in ConvolutionGeometry geometry) => WinogradWeight.Size(Backward(geometry), Lanes);

    /// <summary>Gets the size of the workspace for the sums of the weight's gradient.</summary>
    public static nint WorkspaceForWeight(in ConvolutionGeometry geometry) => WinogradGradient.Size(Forward(geometry), Lanes);

    private static int Lanes => Simd.Size / sizeof(float);

    public static void Result(
        in ConvolutionGeometry geometry, Pixels<float> image, float* weight, float* bias, Pixels<float> result, float* workspace,
        BlockMap map)
        => Run(Forward(geometry), new(weight, geometry.In * 9, 9, false), image, bias, result, workspace, map);

    /// <summary>The gradient of the image is the convolution of the result's with the weight mirrored.</summary>
    public static void Image(in ConvolutionGeometry geometry, Pixels<float> result, float* weight, Pixels<float> image, float* workspace)
        => Run(Backward(geometry), new(weight, 9, geometry.In * 9, true), result, null, image, workspace, default);

    public static void Weight(in ConvolutionGeometry geometry, Pixels<float> image, Pixels<float> result, float* weight, float* sums)
    {
        var call = new WeightCall(Forward(geometry), image, result, weight, sums);
        Simd.RunFloatLanes(ref call);
    }

    private readonly struct WeightCall(WinogradPlan plan, Pixels<float> image, Pixels<float> result, float* weight, float* sums)
        : IFloatLanesBody
    {
        public void Run<TLanes, TVector>() where TLanes : ILanes<TVector, float> where TVector : unmanaged
            => new WinogradGradient<TLanes, TVector, Wide<TLanes, TVector, float>>(plan, image, result, sums).RunAll(weight);
    }

    private static void Run(
        in WinogradPlan plan, in WinogradWeight weight, Pixels<float> source, float* bias, Pixels<float> target, float* workspace,
        BlockMap map)
    {
        var call = new RunCall(plan, weight, source, bias, target, workspace, map);
        Simd.RunFloatLanes(ref call);
    }

    private readonly struct RunCall(
        WinogradPlan plan, WinogradWeight weight, Pixels<float> source, float* bias, Pixels<float> target, float* workspace, BlockMap map)
        : IFloatLanesBody
    {
        public void Run<TLanes, TVector>() where TLanes : ILanes<TVector, float> where TVector : unmanaged
            => Run<TLanes, TVector, Wide<TLanes, TVector, float>>(plan, weight, source, bias, target, workspace, map);
    }

    /// <summary>The same with a vector width; internal so that the widths this machine does not prefer can be tested too.</summary>
    internal static void Run<TLanes, TVector, V>(
        in WinogradPlan plan, WinogradWeight weight, Pixels<float> source, float* bias, Pixels<float> target, float* workspace,
        BlockMap map)
        where TLanes : ILanes<TVector, float> where TVector : unmanaged where V : unmanaged, ISimd<V, float>
    {
        weight.Transform<V>(plan, workspace);
        var body = new WinogradBody<TLanes, TVector, V>(plan, workspace, source, bias, target, map);
        WorkerPool.ForEach(body.Blocks, ref body);
    }

    /// <summary>Bᵀ·d: six elements to six points.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToPoints<V>(ref V d0, ref V d1, ref V d2, ref V d3, ref V d4, ref V d5) where V : INumber<V>
    {
        V four = V.Constant(4), five = V.Constant(-5), two = V.Constant(2), lessFour = V.Constant(-4), lessTwo = V.Constant(-2);
        V first = V.Fma(four, d0, V.Fma(five, d2, d4)), last = V.Fma(four, d1, V.Fma(five, d3, d5));
        V a = V.Fma(lessFour, d2, d4), b = V.Fma(lessFour, d1, d3), c = d4 - d2, e = d3 - d1;
        (d0, d1, d2) = (first, a + b, a - b);
        (d3, d4, d5) = (V.Fma(two, e, c), V.Fma(lessTwo, e, c), last);
    }

    /// <summary>Aᵀ·m: six points to four outputs.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToOutputs<V>(V m0, V m1, V m2, V m3, V m4, V m5, out V y0, out V y1, out V y2, out V y3) where V : INumber<V>
    {
        V s1 = m1 + m2, d1 = m1 - m2, s2 = m3 + m4, d2 = m3 - m4;
        y0 = m0 + s1 + s2;
        y1 = V.Fma(V.Constant(2), d2, d1);
        y2 = V.Fma(V.Constant(4), s2, s1);
        y3 = V.Fma(V.Constant(8), d2, d1) + m5;
    }

    /// <summary>A·g: the gradients of four outputs to those of six points.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToGradients<V>(V g0, V g1, V g2, V g3, out V p0, out V p1, out V p2, out V p3, out V p4, out V p5)
        where V : INumber<V>
    {
        V even = g0 + g2, odd = g1 + g3, wideEven = V.Fma(V.Constant(4), g2, g0), wideOdd = V.Constant(2) * V.Fma(V.Constant(4), g3, g1);
        (p0, p5) = (g0, g3);
        (p1, p2) = (even + odd, even - odd);
        (p3, p4) = (wideEven + wideOdd, wideEven - wideOdd);
    }

    /// <summary>G·w: three taps to six points.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToPoints<V>(V w0, V w1, V w2, out V p0, out V p1, out V p2, out V p3, out V p4, out V p5) where V : INumber<V>
    {
        V sixth = V.Constant(-1 / 6.0), outer = (w0 + w2) * sixth, inner = w1 * sixth;
        V wide = V.Fma(w2, V.Constant(1 / 6.0), w0 * V.Constant(1 / 24.0)), middle = w1 * V.Constant(1 / 12.0);
        (p0, p5) = (w0 * V.Constant(0.25), w2);
        (p1, p2) = (outer + inner, outer - inner);
        (p3, p4) = (wide + middle, wide - middle);
    }

    /// <summary>Gᵀ·p: the gradients of six points to those of three taps.</summary>
    [MethodImpl(AggressiveInlining)]
    public static void ToTaps<V>(V p0, V p1, V p2, V p3, V p4, V p5, out V w0, out V w1, out V w2) where V : INumber<V>
    {
        V s1 = p1 + p2, s2 = p3 + p4, sixth = V.Constant(1 / 6.0);
        w0 = V.Fma(V.Constant(0.25), p0, V.Fma(V.Constant(1 / 24.0), s2, -sixth * s1));
        w1 = V.Fma(sixth, p2 - p1, V.Constant(1 / 12.0) * (p3 - p4));
        w2 = V.Fma(sixth, s2 - s1, p5);
    }
}
