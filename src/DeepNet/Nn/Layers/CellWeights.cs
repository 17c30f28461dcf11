namespace DeepNet.Nn;

/// <summary>The parameters of one recurrent cell, (gates · hidden, in) and (gates · hidden, hidden), and both biases or none.</summary>
internal readonly record struct CellWeights(Tensor Input, Tensor Hidden, Tensor? InputBias, Tensor? HiddenBias)
{
    /// <summary>All of them, in this order.</summary>
    public Tensor[] All => InputBias is null ? [Input, Hidden] : [Input, Hidden, InputBias, HiddenBias!];

    // In an autocast region the product of the inputs takes half types, as the kernels for sequences do; the state's own stays exact.
    public Tensor OfInput(Tensor x) => Affine.Of(x, Input, InputBias, isTransposed: true, isWide: true);

    public Tensor OfHidden(Tensor h)
    {
        using var exact = Autocast.Off();
        return h.Affine(Hidden, HiddenBias, transposed: true);
    }

    /// <summary>True if the kernels of cells take these inputs.</summary>
    public bool FitKernel(Tensor x, Tensor[] state)
    {
        var dtype = Input.DType;
        return x.Count > 0 && dtype is DType.Float32 or DType.Float64 && x.DType == dtype && state.All(part => part.DType == dtype);
    }
}
