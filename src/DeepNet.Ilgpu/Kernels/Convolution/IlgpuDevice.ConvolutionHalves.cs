namespace DeepNet.Ilgpu;

// Convolutions of half types: unfolded as halves, multiplied with float32 sums, and rounded once. The few that are no product (grouped and
// small ones) are widened and rounded around the float32 kernels.
internal sealed partial class IlgpuDevice
{
    private void ConvolveHalves<TOp>(TOp op, ConvolutionGeometry at, Tensor image, Tensor weight, Tensor? bias, Tensor result)
        where TOp : unmanaged, IUnaryOp<TOp>
    {
        using var wide = new Widening();
        if (!IsProduct(at))
        {
            Convolve<TOp, GpuFloat, float>(op, at, wide.Read(image), wide.Read(weight), bias, wide.Write(result));
            return;
        }
        bool isPlain = bias is null && typeof(TOp) == typeof(Identity);
        var sum = isPlain ? result : wide.Write(result);
        Tensor x = image.Detach().Contiguous(), w = weight.Detach().Contiguous(), taps = Unfolded<ushort>(at, x);
        var product = Temporary(sum.DType, at.Out, taps.Shape[1]);
        MatMul(w.Reshape(at.Out, -1), taps, product);
        Done(taps);
        End(op, at, product, bias, sum);
        GiveBack(x, image);
        GiveBack(w, weight);
    }

    private void ConvolveImageHalves(ConvolutionGeometry at, Tensor result, Tensor weight, Tensor image)
    {
        if (image.Count == 0) return;
        using var wide = new Widening();
        var sum = wide.Write(image);
        if (!IsProduct(at))
        {
            ConvolveImage<GpuFloat, float>(at, wide.Read(result), wide.Read(weight), sum);
            return;
        }
        Tensor g = result.Detach().Contiguous(), w = weight.Detach().Contiguous(), ordered = Ordered(at, g);
        var taps = Temporary(DType.Float32, at.In * at.Kernel, ordered.Shape[1]);
        MatMul(w.Reshape(at.Out, -1).T, ordered, taps);
        Run(new FoldJob<GpuFloat, float> { Taps = View<float>(taps), Image = View<float>(sum), S = new(at) }, image.Count);
        Done(taps);
        Done(ordered);
        GiveBack(g, result);
        GiveBack(w, weight);
    }

    private void ConvolveWeightHalves(ConvolutionGeometry at, Tensor image, Tensor result, Tensor weight)
    {
        if (weight.Count == 0) return;
        if (!IsProduct(at))
        {
            using var wide = new Widening();
            ConvolveWeight<GpuFloat, float>(at, wide.Read(image), wide.Read(result), wide.Write(weight));
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
