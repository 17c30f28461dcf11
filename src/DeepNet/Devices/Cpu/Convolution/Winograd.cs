using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DeepNet.Ops;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// 3 × 3 convolutions by Winograd's algorithm F(4 × 4, 3 × 3): 16 outputs take 36 multiplications a channel instead of 144. Tiles of
/// 6 × 6 elements are transformed, multiplied with transformed weights (36 small matrix products over the channels), and
/// transformed back to 4 × 4 outputs.
/// </summary>
/// <remarks>
/// The transforms multiply by up to 8 on the way back, so rounding errors are some ten times those of the direct sum: below 1e-5
/// of the largest result, a few 1e-6 as a rule. The algorithm is chosen by the shape alone, so results do not depend on the
/// number of threads. An infinite element makes its whole tile of outputs undefined.
/// </remarks>
internal static unsafe class Winograd
{
    /// <summary>Outputs along one axis of a tile, and the elements that they read.</summary>
    public const int Side = 4, Reach = 6, Points = Reach * Reach;

    /// <summary>With fewer channels the transforms cost more than they save.</summary>
    private const int LeastChannels = 12;

    /// <summary>True if the algorithm fits and wins.</summary>
    public static bool Suits(in Lattice lattice, DType dtype)
        => dtype == DType.Float32 && lattice.Groups == 1 && lattice.In >= LeastChannels && lattice.Out >= LeastChannels && Packing.CanTranspose
            && Suits(lattice.Rows) && Suits(lattice.Columns);

    // An image of less than two tiles would be mostly padding; vectors of four need four columns.
    private static bool Suits(in Taps axis)
        => axis is { Kernel: 3, Stride: 1, Dilation: 1, Before: >= 0 and <= 2, Input: > Side, Output: > Side };

    /// <summary>How many elements the transformed weight takes.</summary>
    public static nint RoomForWeight(in Lattice lattice) => (nint)Points * lattice.In * lattice.Out;

    public static void Result(in Lattice lattice, float* image, float* weight, float* bias, float* result, float* room)
        => Run(new(lattice.Batch, lattice.In, lattice.Out, lattice.Rows, lattice.Columns), new(weight, lattice.In * 9, 9, false), image, bias, result, room);

    /// <summary>The gradient of the image is the convolution of the result's with the weight mirrored.</summary>
    public static void Image(in Lattice lattice, float* result, float* weight, float* image, float* room)
        => Run(new(lattice.Batch, lattice.Out, lattice.In, lattice.Rows.Mirrored, lattice.Columns.Mirrored), new(weight, 9, lattice.In * 9, true), result, null, image, room);

    private static void Run(in WinogradPlan plan, in WinogradWeight weight, float* source, float* bias, float* target, float* room)
    {
        if (Vector512.IsHardwareAccelerated) Run<Float16, Vector512<float>>(plan, weight, source, bias, target, room);
        else if (Vector256.IsHardwareAccelerated) Run<Float8, Vector256<float>>(plan, weight, source, bias, target, room);
        else Run<Float4, Vector128<float>>(plan, weight, source, bias, target, room);
    }

    private static void Run<TLanes, TVector>(in WinogradPlan plan, WinogradWeight weight, float* source, float* bias, float* target, float* room)
        where TLanes : ILanes<TVector, float> where TVector : struct
    {
        weight.Transform(plan, room, TLanes.TileRows);
        var body = new WinogradBody<TLanes, TVector>(plan, room, source, bias, target);
        WorkerPool.ForEach(body.Blocks, ref body);
    }

    /// <summary>Bᵀ·d: six elements to six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToPoints(ref Vector128<float> d0, ref Vector128<float> d1, ref Vector128<float> d2, ref Vector128<float> d3, ref Vector128<float> d4, ref Vector128<float> d5)
    {
        Vector128<float> four = Vector128.Create(4f), five = Vector128.Create(-5f), two = Vector128.Create(2f);
        var first = Vector128.MultiplyAddEstimate(four, d0, Vector128.MultiplyAddEstimate(five, d2, d4));
        var last = Vector128.MultiplyAddEstimate(four, d1, Vector128.MultiplyAddEstimate(five, d3, d5));
        Vector128<float> a = Vector128.MultiplyAddEstimate(-four, d2, d4), b = Vector128.MultiplyAddEstimate(-four, d1, d3), c = d4 - d2, e = d3 - d1;
        (d0, d1, d2) = (first, a + b, a - b);
        (d3, d4, d5) = (Vector128.MultiplyAddEstimate(two, e, c), Vector128.MultiplyAddEstimate(-two, e, c), last);
    }

    /// <summary>The same in wider vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToPoints(ref Vector256<float> d0, ref Vector256<float> d1, ref Vector256<float> d2, ref Vector256<float> d3, ref Vector256<float> d4, ref Vector256<float> d5)
    {
        Vector256<float> four = Vector256.Create(4f), five = Vector256.Create(-5f), two = Vector256.Create(2f);
        var first = Vector256.MultiplyAddEstimate(four, d0, Vector256.MultiplyAddEstimate(five, d2, d4));
        var last = Vector256.MultiplyAddEstimate(four, d1, Vector256.MultiplyAddEstimate(five, d3, d5));
        Vector256<float> a = Vector256.MultiplyAddEstimate(-four, d2, d4), b = Vector256.MultiplyAddEstimate(-four, d1, d3), c = d4 - d2, e = d3 - d1;
        (d0, d1, d2) = (first, a + b, a - b);
        (d3, d4, d5) = (Vector256.MultiplyAddEstimate(two, e, c), Vector256.MultiplyAddEstimate(-two, e, c), last);
    }

    /// <summary>Aᵀ·m: six points to four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToOutputs(
        Vector128<float> m0, Vector128<float> m1, Vector128<float> m2, Vector128<float> m3, Vector128<float> m4, Vector128<float> m5,
        out Vector128<float> y0, out Vector128<float> y1, out Vector128<float> y2, out Vector128<float> y3)
    {
        Vector128<float> s1 = m1 + m2, d1 = m1 - m2, s2 = m3 + m4, d2 = m3 - m4;
        y0 = m0 + s1 + s2;
        y1 = Vector128.MultiplyAddEstimate(Vector128.Create(2f), d2, d1);
        y2 = Vector128.MultiplyAddEstimate(Vector128.Create(4f), s2, s1);
        y3 = Vector128.MultiplyAddEstimate(Vector128.Create(8f), d2, d1) + m5;
    }

    /// <summary>Four vectors become their four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(ref Vector128<float> r0, ref Vector128<float> r1, ref Vector128<float> r2, ref Vector128<float> r3)
    {
        Vector128<float> a = Packing.Low(r0, r2), b = Packing.Low(r1, r3), c = Packing.High(r0, r2), d = Packing.High(r1, r3);
        (r0, r1, r2, r3) = (Packing.Low(a, b), Packing.High(a, b), Packing.Low(c, d), Packing.High(c, d));
    }
}
