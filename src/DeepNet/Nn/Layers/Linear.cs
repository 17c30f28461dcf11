namespace DeepNet.Nn;

/// <summary>y = x·Wᵀ + b over the last axis, and an activation of it.</summary>
/// <remarks>The weight is stored (out, in), as PyTorch does, so that files exchange; the product reads it as it lies.</remarks>
public sealed class Linear : Layer
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly Activation? activation;

    /// <summary>Makes the layer with PyTorch's defaults: weight and bias uniform within ±1/√in.</summary>
    /// <param name="inFeatures">The length of the last axis of the input.</param>
    /// <param name="outFeatures">The length of the last axis of the output.</param>
    /// <param name="bias">True to add a bias.</param>
    /// <param name="generator">The source of the starting values.</param>
    /// <param name="activation">What is applied to the sums, while they are in the cache; or none.</param>
    public Linear(int inFeatures, int outFeatures, bool bias = true, Generator? generator = null, Activation? activation = null)
    {
        Check.Positive("linear", "inFeatures", inFeatures);
        Check.Positive("linear", "outFeatures", outFeatures);
        (InFeatures, OutFeatures, this.activation) = (inFeatures, outFeatures, activation);
        weight = new Parameter(Init.Default(Tensor.Empty(new Shape(outFeatures, inFeatures)), inFeatures, generator));
        if (bias) this.bias = new Parameter(Init.Default(Tensor.Empty(new Shape(outFeatures)), inFeatures, generator));
    }

    /// <summary>The length of the last axis of the input.</summary>
    public int InFeatures { get; }

    /// <summary>The length of the last axis of the output.</summary>
    public int OutFeatures { get; }

    /// <summary>W, of shape (out, in).</summary>
    public Parameter Weight => weight;

    /// <summary>b, of shape (out,); null if there is none.</summary>
    public Parameter? Bias => bias;

    /// <summary>Gets what is applied to the sums; null if there is nothing.</summary>
    public Activation? Activation => activation;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != InFeatures) throw WrongWidth(x.Shape);
        return Activation.Finish(weight.Affine(x, bias?.Value, activation?.Fused), activation);
    }

    private ArgumentException WrongWidth(Shape x)
    {
        long flat = 1;
        for (int i = 1; i < x.Rank; i++) flat *= x[i];
        string hint = x.Rank > 2 && flat == InFeatures ? " Is a Flatten missing before it?"
            : x.Rank > 0 && x[0] == InFeatures ? " Is the input transposed?" : "";
        string got = x.Rank == 0 ? "a single number" : $"{x}: the last axis is {x[^1]} wide, not {InFeatures}";
        return new ArgumentException($"[linear] expects (..., {InFeatures}), got {got}.{hint}");
    }

    /// <inheritdoc/>
    protected internal override long CountFlops(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return (long)output.Count * (2L * InFeatures + (bias is null ? -1 : 0));
    }

    /// <inheritdoc/>
    public override string Description
        => $"Linear({InFeatures}, {OutFeatures}{(bias is null ? ", bias: false" : "")}{Activation.Suffix(activation)})";
}
