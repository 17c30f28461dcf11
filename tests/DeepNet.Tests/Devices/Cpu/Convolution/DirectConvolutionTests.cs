using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;
using DeepNet.Tests.Operators;

namespace DeepNet.Tests.Cpu;

/// <summary>The kernels behind the operator, on every vector width (those that the machine lacks run in software).</summary>
public sealed unsafe class DirectConvolutionTests
{
    public static TheoryData<int[], int[], int[]> Shapes => new()
    {
        // Batch, channels, height, width; outputs, kernel; stride, padding, dilation.
        { [3, 5, 9, 13], [7, 3, 3], [1, 1, 1] },
        { [2, 4, 8, 8], [18, 3, 3], [1, 1, 1] },
        { [2, 6, 11, 10], [9, 3, 2], [2, 1, 1] },
        { [1, 2, 12, 12], [5, 3, 3], [1, 0, 2] },
        { [1, 130, 4, 5], [3, 2, 2], [1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SameBitsForAnyVectorWidth(int[] image, int[] kernel, int[] how)
    {
        var x = Probe.Random(1, DType.Float32, image);
        var w = Probe.Random(2, DType.Float32, kernel[0], image[1], kernel[1], kernel[2]);
        var geometry = Of(image, kernel, how);
        var y = Probe.Random(3, DType.Float32, [.. geometry.Result.Axes]);
        float[] expected = All<Float256, Vector256<float>>(geometry, x, w, y);
        Assert.Equal(expected, All<Float128, Vector128<float>>(geometry, x, w, y));
        Assert.Equal(expected, All<Float512, Vector512<float>>(geometry, x, w, y));
        if (Vector256.IsHardwareAccelerated && !Vector512.IsHardwareAccelerated)
            Assert.Equal(x.Conv2d(w, stride: how[0], padding: how[1], dilation: how[2]).ToArray(), expected[..(int)y.Count]);
    }

    [Fact]
    public void WhatAnEarlierCallLeftBehindIsNotSeen()
    {
        Tensor x = Probe.Random(1, 2, 5, 7, 9), w = Probe.Random(2, 6, 5, 3, 3), bad = Tensor.Full(new Shape(4, 5, 12, 12), double.NaN);
        (double[] Y, double[] Dx, double[] Dw) Run()
        {
            Tensor a = x.Detach().WithGrad(), b = w.Detach().WithGrad();
            var y = a.Conv2d(b, padding: 1);
            y.Backward(Tensor.Ones(y.Shape, DType.Float64));
            return (y.ToArray<double>(), a.Grad!.ToArray<double>(), b.Grad!.ToArray<double>());
        }
        var before = Run();
        var poisoned = bad.Detach().WithGrad();
        var result = poisoned.Conv2d(w.Detach().WithGrad(), padding: 1);
        Assert.True(double.IsNaN(result.ToArray<double>()[0]));
        result.Backward(result);
        var after = Run();
        Assert.Equal(before.Y, after.Y);
        Assert.Equal(before.Dx, after.Dx);
        Assert.Equal(before.Dw, after.Dw);
    }

    [Fact]
    public void ABlockOfFewerImagesReadsNothingThatItDidNotWrite()
    {
        // Twelve images stand in a block, so that the last block has eleven; it may be the only one of its thread. Rows are short, so that
        // vectors reach over several: in the last ones a tap reads behind the last row, for the sake of the rows before.
        int[] image = [23, 4, 16, 5];
        foreach (var (size, how) in new[] { (2, new[] { 1, 0, 1 }), (3, [1, 1, 1]) })
        {
            var geometry = Of(image, [5, size, size], how);
            foreach (bool isResult in new[] { true, false })
            {
                Alone<Float512, Vector512<float>>(geometry, isResult);
                Alone<Float256, Vector256<float>>(geometry, isResult);
                Alone<Float128, Vector128<float>>(geometry, isResult);
            }
        }
    }

    private static void Alone<TLanes, TVector>(ConvolutionGeometry geometry, bool isResult) where TLanes : ILanes<TVector, float>
        where TVector : unmanaged
    {
        var plan = isResult ? ConvolutionPlan.Result(geometry) : ConvolutionPlan.Image(geometry);
        var (source, target) = isResult ? (geometry.Image, geometry.Result) : (geometry.Result, geometry.Image);
        Assert.NotEqual(0, plan.Batch % plan.ImagesPerBlock);
        Tensor x = Probe.Random(1, DType.Float32, [.. source.Axes]), w = Probe.Random(2, DType.Float32, [.. geometry.Weight.Axes]);
        Tensor y = Tensor.Zeros(target), packed = Tensor.Zeros(geometry.Weight);
        var panels = new PackedWeight<float>(plan, w.Pointer<float>(), packed.Pointer<float>(), isResult, TLanes.TileRows);
        var body = new DirectBody<TLanes, TVector, float>(plan, panels, x.Pointer<float>(), null, y.Pointer<float>());
        int before = CpuDevice.Threads;
        try
        {
            CpuDevice.Threads = 1;
            panels.PackAll();
            body.RunAll();
            float[] expected = y.ToArray();
            const int Bytes = 4 << 20;      // more than a block needs: the kernel gets the same memory
            new Span<float>(Scratch.Get(Bytes), Bytes / sizeof(float)).Fill(float.NaN);
            int blocks = plan.ImageBlocks * plan.RowBlocks;
            body.Run(blocks - 1, blocks);
            Assert.Equal(expected, y.ToArray());
        }
        finally
        {
            CpuDevice.Threads = before;
        }
        GC.KeepAlive(x);
        GC.KeepAlive(w);
        GC.KeepAlive(packed);
    }

    private static ConvolutionGeometry Of(int[] image, int[] kernel, int[] how)
    {
        Taps Along(int input, int taps)
            => new(input, (input + 2 * how[1] - how[2] * (taps - 1) - 1) / how[0] + 1, taps, how[0], how[1], how[2]);
        return new ConvolutionGeometry(image[0], image[1], kernel[0], 1, Along(image[2], kernel[1]), Along(image[3], kernel[2]));
    }

    /// <summary>The result, the image's gradient and the weight's, one after the other.</summary>
    private static float[] All<TLanes, TVector>(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result)
        where TLanes : ILanes<TVector, float> where TVector : unmanaged
    {
        Tensor y = Tensor.Zeros(geometry.Result), dx = Tensor.Zeros(geometry.Image), dw = Tensor.Zeros(geometry.Weight),
            packed = Tensor.Zeros(geometry.Weight);
        DirectConvolution.Run<TLanes, TVector, float>(
            ConvolutionPlan.Result(geometry), true, image.Pointer<float>(), weight.Pointer<float>(), null, y.Pointer<float>(),
                packed.Pointer<float>());
        DirectConvolution.Run<TLanes, TVector, float>(
            ConvolutionPlan.Image(geometry), false, result.Pointer<float>(), weight.Pointer<float>(), null, dx.Pointer<float>(),
                packed.Pointer<float>());
        var plan = ConvolutionPlan.Weight(geometry);
        var sums = Tensor.Zeros((int)new WeightBody<TLanes, TVector, float>(plan, null, null).WorkspaceForSums);
        DirectConvolution.Weight<TLanes, TVector,
            float>(plan, image.Pointer<float>(), result.Pointer<float>(), dw.Pointer<float>(), sums.Pointer<float>());
        GC.KeepAlive(packed);
        GC.KeepAlive(sums);
        GC.KeepAlive(image);
        GC.KeepAlive(weight);
        GC.KeepAlive(result);
        return [.. y.ToArray(), .. dx.ToArray(), .. dw.ToArray()];
    }
}
