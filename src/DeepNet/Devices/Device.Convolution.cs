namespace DeepNet;

public abstract partial class Device
{
    /// <summary>Gets whether the device prefers the channels of a convolution's result (or of its image's gradient) side by side.</summary>
    protected internal virtual bool PrefersChannelsLast(ConvolutionGeometry geometry, DType dtype, bool isResult) => false;

    /// <summary>
    /// result = image ⋆ weight, then the epilogue: (N, Out, …). Images and weight of any layout and floating type; the result dense, as the
    /// device prefers or row-major.
    /// </summary>
    protected internal abstract void Convolve(
        ConvolutionGeometry geometry, Tensor image, Tensor weight, Tensor result, Epilogue end = default);

    /// <summary>
    /// Adds the residual of an epilogue, if it has one, to a result that has the bias, and applies the formula: for kernels that do not do
    /// so on the way.
    /// </summary>
    protected void Finish(Tensor result, Epilogue end)
    {
        if (end.Residual is not null) Zip(new Add(), result, end.Residual, result);
        end.Activation?.Map(result, result);
    }

    /// <summary>The gradient of the image from that of the result: each output adds its weights to the inputs that it read.</summary>
    protected internal abstract void ConvolveImage(ConvolutionGeometry geometry, Tensor result, Tensor weight, Tensor image);

    /// <summary>The gradient of the weight from that of the result.</summary>
    protected internal abstract void ConvolveWeight(ConvolutionGeometry geometry, Tensor image, Tensor result, Tensor weight);
}
