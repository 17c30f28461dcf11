using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;
using DeepNet.Tests.Operators;

namespace DeepNet.Tests.Cpu;

/// <summary>
/// The kernels over pixels, on every vector width (those that the machine lacks run in software) and layout.
/// </summary>
public sealed unsafe class PixelConvolutionTests
{
    public static TheoryData<int[], int[], int[]> Shapes => new()
    {
        // Batch, channels, height, width; outputs, kernel; stride, padding, dilation.
        { [3, 16, 9, 13], [32, 3, 3], [1, 1, 1] },
        { [2, 3, 8, 8], [16, 3, 3], [1, 1, 1] },
        { [2, 16, 11, 10], [16, 3, 2], [2, 1, 1] },
        { [1, 16, 12, 12], [48, 3, 3], [1, 0, 2] },
        { [2, 32, 7, 5], [16, 1, 1], [2, 0, 1] },
        // Outputs that do not fill vectors are kernels' own affair.
        { [2, 5, 7, 6], [9, 3, 3], [1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SameBitsForAnyVectorWidthAndLayout(int[] image, int[] kernel, int[] how)
    {
        Taps Along(int input, int taps)
            => new(input, (input + 2 * how[1] - how[2] * (taps - 1) - 1) / how[0] + 1, taps, how[0], how[1], how[2]);
        var geometry = new ConvolutionGeometry(image[0], image[1], kernel[0], 1, Along(image[2], kernel[1]), Along(image[3], kernel[2]));
        Tensor x = Probe.Random(1, DType.Float32, image), w = Probe.Random(2, DType.Float32, kernel[0], image[1], kernel[1], kernel[2]);
        var y = Probe.Random(3, DType.Float32, [.. geometry.Result.Axes]);
        float[] expected = All<Float256, Vector256<float>>(geometry, x, w, y);
        Assert.Equal(expected, All<Float128, Vector128<float>>(geometry, x, w, y));
        Assert.Equal(expected, All<Float512, Vector512<float>>(geometry, x, w, y));
        Assert.Equal(expected, All<Float256, Vector256<float>>(geometry, x.InChannelsLast(), w, y.InChannelsLast()));
        Assert.Equal(expected, All<Float512, Vector512<float>>(geometry, x.InChannelsLast(), w, y.InChannelsLast()));
    }

    /// <summary>The result, the image's gradient and the weight's, one after the other.</summary>
    private static float[] All<TLanes, TVector>(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result)
        where TLanes : ILanes<TVector, float> where TVector : unmanaged
    {
        Tensor y = Tensor.AllocateLike(result, DType.Float32), dx = Tensor.AllocateLike(image, DType.Float32),
            dw = Tensor.Zeros(geometry.Weight);
        Tensor packed = Tensor.Full(new Shape(geometry.Kernel * (geometry.In + 32) * (geometry.Out + 32)), double.NaN);
        float* w = weight.Pointer<float>(), workspace = packed.Pointer<float>();
        PixelConvolution.Run<TLanes, TVector, float>(new(geometry, false), new(image), w, null, new(y), workspace, default);
        PixelConvolution.Run<TLanes, TVector, float>(new(geometry, true), new(result), w, null, new(dx), workspace, default);
        var plan = new PixelPlan(geometry, false);
        var sums = Tensor.Full(new Shape((int)new PixelGradient<TLanes, TVector, float>(plan, default, default).WorkspaceForSums),
            double.NaN);
        new PixelGradient<TLanes, TVector, float>(plan, new(image), new(result)).RunAll(sums.Pointer<float>(), dw.Pointer<float>());
        GC.KeepAlive(packed);
        GC.KeepAlive(sums);
        GC.KeepAlive(weight);
        return [.. y.ToArray(), .. dx.ToArray(), .. dw.ToArray()];
    }

    [Theory]
    [InlineData(16, 32, 9, 8)]
    [InlineData(13, 12, 7, 10)]
    public void WinogradHasTheSameBitsForAnyVectorWidthAndLayout(int channels, int outputs, int height, int width)
    {
        var geometry = new ConvolutionGeometry(
            3, channels, outputs, 1, new Taps(height, height, 3, 1, 1, 1), new Taps(width, width, 3, 1, 1, 1));
        Tensor x = Probe.Random(1, DType.Float32, 3, channels, height, width), w = Probe.Random(2, DType.Float32, outputs, channels, 3, 3);
        var g = Probe.Random(3, DType.Float32, [.. geometry.Result.Axes]);
        float[] expected = Run<Float256, Vector256<float>, W256>(x, g);
        Assert.Equal(expected, Run<Float128, Vector128<float>, W128>(x, g));
        Assert.Equal(expected, Run<Float256, Vector256<float>, W256>(x.InChannelsLast(), g.InChannelsLast()));
        if (Vector512.IsHardwareAccelerated) Assert.Equal(expected, Run<Float512, Vector512<float>, W512>(x, g));

        float[] Run<TLanes, TVector, V>(Tensor image, Tensor slope) where TLanes : ILanes<TVector, float> where TVector : unmanaged
            where V : unmanaged, ISimd<V, float>
        {
            var plan = new WinogradPlan(3, channels, outputs, geometry.Rows, geometry.Columns);
            Tensor y = Tensor.AllocateLike(slope, DType.Float32), dw = Tensor.Zeros(geometry.Weight),
                workspace = Tensor.Full(new Shape(36 * (channels + 32) * (outputs + 32) * 16), double.NaN);
            var weight = new WinogradWeight(w.Pointer<float>(), channels * 9, 9, false);
            Winograd.Run<TLanes, TVector, V>(plan, weight, new(image), null, new(y), workspace.Pointer<float>(), default);
            new WinogradGradient<TLanes, TVector, V>(plan, new(image), new(slope), workspace.Pointer<float>()).RunAll(dw.Pointer<float>());
            GC.KeepAlive(workspace);
            GC.KeepAlive(w);
            return [.. y.ToArray(), .. dw.ToArray()];
        }
    }
}
