using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>Whether the device would rather compute the result of a convolution (or else the gradient of its image) with its channels side by side.</summary>
    internal virtual bool PrefersChannelsLast(Lattice lattice, DType dtype, bool isResult) => false;

    /// <summary>
    /// result = image ⋆ weight, then the epilogue: (N, Out, …). Images and weight of any layout and floating type; the result dense, as the
    /// device prefers or row-major.
    /// </summary>
    internal abstract void Convolve(Lattice lattice, Tensor image, Tensor weight, Tensor result, Epilogue end = default);

    /// <summary>The gradient of the image from that of the result: each output adds its weights to the inputs that it read.</summary>
    internal abstract void ConvolveImage(Lattice lattice, Tensor result, Tensor weight, Tensor image);

    /// <summary>The gradient of the weight from that of the result.</summary>
    internal abstract void ConvolveWeight(Lattice lattice, Tensor image, Tensor result, Tensor weight);
}
