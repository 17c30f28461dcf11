namespace DeepNet.Ilgpu;

// Convolutions of many channels are unfolded into products, which is what GPUs are good at; those of few are done directly, eight channels
// a thread; and what is left, depthwise ones and those that would take too much memory unfolded, is computed as it is written.
internal sealed partial class IlgpuDevice
{
    private const long MostUnfolded = 1L << 28;

    protected internal override void Convolve(ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result, Epilogue end)
    {
        if (result.Count == 0) return;
        Identity none = default;
        var visitor = new ConvolveVisitor(this, geometry, image, weight, end.Bias, result);
        if (end.Activation is null || end.Residual is not null) visitor.Visit(in none);
        else end.Activation.Accept(ref visitor);
        if (end.Residual is not null) Finish(result, end);
        Tensor.KeepAlive(image, weight, end.Bias, result);
    }

    private readonly struct ConvolveVisitor(
        IlgpuDevice device, ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor? bias, Tensor result)
        : IFormulaVisitor
    {
        public void Visit<TOp>(ref readonly TOp op) where TOp : unmanaged, IUnaryOp<TOp>
        {
            if (image.DType.IsHalf()) device.ConvolveHalves(op, geometry, image, weight, bias, result);
            else if (result.DType == DType.Float32) device.Convolve<TOp, GpuFloat, float>(op, geometry, image, weight, bias, result);
            else device.Convolve<TOp, GpuDouble, double>(op, geometry, image, weight, bias, result);
        }
    }

    protected internal override void ConvolveImage(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image)
    {
        if (result.DType.IsHalf()) ConvolveImageHalves(geometry, result, weight, image);
        else if (result.DType == DType.Float32) ConvolveImage<GpuFloat, float>(geometry, result, weight, image);
        else ConvolveImage<GpuDouble, double>(geometry, result, weight, image);
        Tensor.KeepAlive(image, weight, result);
    }

    protected internal override void ConvolveWeight(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight)
    {
        if (result.DType.IsHalf()) ConvolveWeightHalves(geometry, image, result, weight);
        else if (result.DType == DType.Float32) ConvolveWeight<GpuFloat, float>(geometry, image, result, weight);
        else ConvolveWeight<GpuDouble, double>(geometry, image, result, weight);
        Tensor.KeepAlive(image, weight, result);
    }

    private static bool IsProduct(in ConvolutionGeometry at)
    {
        long taps = (long)at.In * at.Kernel, places = at.Batch * at.ResultPlane;
        return at.Groups == 1 && taps >= 16 && at.Out >= 8 && places >= 32 && taps * places <= MostUnfolded;
    }

    private void Convolve<TOp, V, T>(TOp op, ConvolutionGeometry at, Tensor image, Tensor weight, Tensor? bias, Tensor result)
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        Tensor x = image.Detach().Contiguous(), w = weight.Detach().Contiguous();
        var added = bias?.Detach().Contiguous();
        if (IsDirect(at, at.OutPerGroup))
        {
            DirectConvolve<TOp, V, T>(op, at, x, w, added, result);
        }
        else if (IsProduct(at))
        {
            var taps = Unfolded<T>(at, x);
            var product = Temporary(result.DType, at.Out, taps.Shape[1]);
            MatMul(w.Reshape(at.Out, -1), taps, product);
            Done(taps);
            End(op, at, product, added, result);
        }
        else
        {
            Run(new ConvolveJob<TOp, V, T>
            {
                Op = op, Image = View<T>(x), Weight = View<T>(w), Bias = View<T>(added ?? w), Result = View<T>(result), S = new(at),
                HasBias = bias is null ? 0 : 1,
            }, result.Count);
        }
        GiveBack(added, bias);
        GiveBack(x, image);
        GiveBack(w, weight);
    }

    /// <summary>Puts a product of unfolded images in the result's order, with bias and activation.</summary>
    private void End<TOp>(TOp op, ConvolutionGeometry at, Tensor product, Tensor? bias, Tensor result) where TOp : unmanaged, IUnaryOp<TOp>
    {
        var ordered = product.Reshape(at.Out, at.Batch, at.Rows.Output, at.Columns.Output).Permute(1, 0, 2, 3);
        if (bias is not null) Zip(new ZipThen<Add, TOp>(new Add(), op), ordered, bias.Detach().Reshape(1, at.Out, 1, 1), result);
        else if (typeof(TOp) == typeof(Identity)) Copy(ordered, result);
        else Map(op, ordered, result);
        Done(product);
    }

    private void ConvolveImage<V, T>(ConvolutionGeometry at, Tensor result, Tensor weight, Tensor image)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (image.Count == 0) return;
        Tensor g = result.Detach().Contiguous(), w = weight.Detach().Contiguous();
        if (IsDirect(at, at.InPerGroup) && at.Rows.Stride == 1 && at.Columns.Stride == 1)
        {
            DirectConvolveImage<V, T>(at, g, w, image);
        }
        else if (IsProduct(at))
        {
            var ordered = Ordered(at, g);
            var taps = Temporary(result.DType, at.In * at.Kernel, ordered.Shape[1]);
            MatMul(w.Reshape(at.Out, -1).T, ordered, taps);
            Run(new FoldJob<V, T> { Taps = View<T>(taps), Image = View<T>(image), S = new(at) }, image.Count);
            Done(taps);
            Done(ordered);
        }
        else
        {
            Run(new ConvolveImageJob<V, T> { Result = View<T>(g), Weight = View<T>(w), Image = View<T>(image), S = new(at) }, image.Count);
        }
        GiveBack(g, result);
        GiveBack(w, weight);
    }

    private void ConvolveWeight<V, T>(ConvolutionGeometry at, Tensor image, Tensor result, Tensor weight)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (weight.Count == 0) return;
        Tensor x = image.Detach().Contiguous(), g = result.Detach().Contiguous();
        if (IsDirect(at, DirectConvolution.Channels) && result.Count > 0)
        {
            DirectConvolveWeight<V, T>(at, x, g, weight);
        }
        else if (IsProduct(at))
        {
            Tensor ordered = Ordered(at, g), taps = Unfolded<T>(at, x);
            MatMul(ordered, taps.T, weight.Detach().Reshape(at.Out, -1));
            Done(taps);
            Done(ordered);
        }
        else
        {
            RunGroups(new ConvolveWeightJob<V, T> { Image = View<T>(x), Result = View<T>(g), Weight = View<T>(weight), S = new(at) },
                weight.Count);
        }
        GiveBack(x, image);
        GiveBack(g, result);
    }

    private Tensor Unfolded<T>(ConvolutionGeometry at, Tensor image) where T : unmanaged
    {
        var taps = Temporary(image.DType, at.In * at.Kernel, checked((int)(at.Batch * at.ResultPlane)));
        Run(new UnfoldJob<T> { Image = View<T>(image), Taps = View<T>(taps), S = new(at), Zero = default }, taps.Count);
        return taps;
    }

    /// <summary>(Batch, Out, places) as (Out, Batch·places).</summary>
    private Tensor Ordered(ConvolutionGeometry at, Tensor result)
    {
        var ordered = Temporary(result.DType, at.Out, checked((int)(at.Batch * at.ResultPlane)));
        Copy(result.Reshape(at.Batch, at.Out, -1).Permute(1, 0, 2), ordered.Reshape(at.Out, at.Batch, -1));
        return ordered;
    }
}
