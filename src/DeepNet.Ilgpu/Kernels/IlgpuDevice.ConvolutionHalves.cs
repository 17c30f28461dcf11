using DeepNet.Ops;

namespace DeepNet.Ilgpu;

// Convolutions of half types: unfolded as halves, multiplied with float32 sums, and rounded once. The few that are no product (grouped and small
// ones) are widened and rounded around the float32 kernels.
internal sealed partial class IlgpuDevice
{
    private void ConvolveHalves(Lattice at, Tensor image, Tensor weight, Tensor? bias, Tensor result)
    {
        if (result.Count == 0) return;
        if (!IsProduct(at))
        {
            Tensor wideX = Widened(image), wideW = Widened(weight), sum = ToRound(result);
            bool rectify = false;
            Convolve<GpuFloat, float>(at, wideX, wideW, bias, sum, ref rectify);
            EndWidened(wideX, image);
            EndWidened(wideW, weight);
            Round(sum, result);
            return;
        }
        Tensor x = image.Detach().Contiguous(), w = weight.Detach().Contiguous(), taps = Unfolded<ushort>(at, x);
        var product = Temporary(bias is null ? result.DType : DType.Float32, at.Out, taps.Shape[1]);
        MatMul(w.Reshape(at.Out, -1), taps, product, accumulate: false);
        Done(taps);
        var ordered = product.Reshape(at.Out, at.Batch, at.Rows.Output, at.Columns.Output).Permute(1, 0, 2, 3);
        if (bias is null)
        {
            Copy(ordered, result);
        }
        else
        {
            var sum = ToRound(result);
            Zip(new Add(), ordered, bias.Detach().Reshape(1, at.Out, 1, 1), sum);
            Round(sum, result);
        }
        Done(product);
        GiveBack(x, image);
        GiveBack(w, weight);
    }

    private void ConvolveImageHalves(Lattice at, Tensor result, Tensor weight, Tensor image)
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
            MatMul(w.Reshape(at.Out, -1).T, ordered, taps, accumulate: false);
            Run(new FoldJob<GpuFloat, float> { Taps = View<float>(taps), Image = View<float>(sum), S = new(at) }, image.Count);
            Done(taps);
            Done(ordered);
            GiveBack(g, result);
            GiveBack(w, weight);
        }
        Round(sum, image);
    }

    private void ConvolveWeightHalves(Lattice at, Tensor image, Tensor result, Tensor weight)
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
        MatMul(ordered, taps.T, weight.Detach().Reshape(at.Out, -1), accumulate: false);
        Done(taps);
        Done(ordered);
        GiveBack(x, image);
        GiveBack(g, result);
    }
}
