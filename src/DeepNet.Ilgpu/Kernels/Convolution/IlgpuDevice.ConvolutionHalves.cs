using DeepNet.Ops;

namespace DeepNet.Ilgpu;

// Convolutions of half types: unfolded as halves, multiplied with float32 sums, and rounded once. The few that are no product (grouped and
// small ones) are widened and rounded around the float32 kernels.
internal sealed partial class IlgpuDevice
{
    private void ConvolveHalves<TOp>(TOp op, ConvolutionGeometry at, Tensor image, Tensor weight, Tensor? bias, Tensor result)
        where TOp : unmanaged, IUnaryOp<TOp>
    {
        bool isPlain = bias is null && typeof(TOp) == typeof(Identity) && IsProduct(at);
        var sum = isPlain ? result : ToRound(result);
        if (!IsProduct(at))
        {
            Tensor wideX = Widened(image), wideW = Widened(weight);
            Convolve<TOp, GpuFloat, float>(op, at, wideX, wideW, bias, sum);
            EndWidened(wideX, image);
            EndWidened(wideW, weight);
        }
        else
        {
            Tensor x = image.Detach().Contiguous(), w = weight.Detach().Contiguous(), taps = Unfolded<ushort>(at, x);
            var product = Temporary(sum.DType, at.Out, taps.Shape[1]);
            MatMul(w.Reshape(at.Out, -1), taps, product);
            Done(taps);
            End(op, at, product, bias, sum);
            GiveBack(x, image);
            GiveBack(w, weight);
        }
        Round(sum, result);
    }

    private void ConvolveImageHalves(ConvolutionGeometry at, Tensor result, Tensor weight, Tensor image)
    {
        if (image.Count == 0) return;
        var sum = ToRound(image);
        if (!IsProduct(at))
        {
            Tensor wideY = Widened(result), wideW = Widened(weight);
            ConvolveImage<GpuFloat, float>(at, wideY, wideW, sum);
            EndWidened(wideY, result);
            EndWidened(wideW, weight);
        }
        else
        {
            Tensor g = result.Detach().Contiguous(), w = weight.Detach().Contiguous(), ordered = Ordered(at, g);
            var taps = Temporary(DType.Float32, at.In * at.Kernel, ordered.Shape[1]);
            MatMul(w.Reshape(at.Out, -1).T, ordered, taps);
            Run(new FoldJob<GpuFloat, float> { Taps = View<float>(taps), Image = View<float>(sum), S = new(at) }, image.Count);
            Done(taps);
            Done(ordered);
            GiveBack(g, result);
            GiveBack(w, weight);
        }
        Round(sum, image);
    }

    private void ConvolveWeightHalves(ConvolutionGeometry at, Tensor image, Tensor result, Tensor weight)
    {
        if (weight.Count == 0) return;
        if (!IsProduct(at))
        {
            Tensor wideX = Widened(image), wideY = Widened(result), sum = ToRound(weight);
            ConvolveWeight<GpuFloat, float>(at, wideX, wideY, sum);
            EndWidened(wideX, image);
            EndWidened(wideY, result);
            Round(sum, weight);
            return;
        }
        Tensor x = image.Detach().Contiguous(), g = result.Detach().Contiguous(), ordered = Ordered(at, g), taps = Unfolded<ushort>(at, x);
        MatMul(ordered, taps.T, weight.Detach().Reshape(at.Out, -1));
        Done(taps);
        Done(ordered);
        GiveBack(x, image);
        GiveBack(g, result);
    }
}
