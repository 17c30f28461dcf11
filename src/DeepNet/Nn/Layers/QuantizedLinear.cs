namespace DeepNet.Nn;

/// <summary>
/// The layer that a trained <see cref="Linear"/> becomes for inference in a quarter of the memory: its weight is int8 with a scale for
/// each output. Input and output are not rounded. It has no parameters; a gradient passes to the input.
/// </summary>
/// <remarks>
/// To load a file that such layers were saved to, make the model of new layers and load its state. The product converts blocks of the
/// weight as it goes: what is saved is memory, not arithmetic.
/// </remarks>
public sealed class QuantizedLinear : Layer
{
    private readonly int inFeatures;
    private readonly StateBuffer weight, scale;
    private readonly StateBuffer? bias;
    private readonly Activation? activation;

    /// <summary>Rounds the weight of a layer, which stays as it is; the activation is shared.</summary>
    public QuantizedLinear(Linear linear)
    {
        ArgumentNullException.ThrowIfNull(linear);
        var (values, scales) = RowQuantization.Of(linear.Weight.Value);
        (weight, scale) = (new StateBuffer(values), new StateBuffer(scales));
        if (linear.Bias is { } terms) bias = new StateBuffer(terms.Value.Detach().Clone());
        (inFeatures, activation) = (linear.InFeatures, linear.Activation);
    }

    /// <summary>Gets the rounded weight in multiples of the scales: int8, of shape (out, in).</summary>
    public StateBuffer Weight => weight;

    /// <summary>Gets the scale of each row of the weight.</summary>
    public StateBuffer Scale => scale;

    /// <summary>Gets the bias, of shape (out,); null if there is none.</summary>
    public StateBuffer? Bias => bias;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != inFeatures)
            throw new ArgumentException($"[quantized_linear] expects (..., {inFeatures}), got {x.Shape}.");
        var y = QuantizedProduct.Of(x, weight.Value, scale.Value);
        if (bias is not null) y = y + bias.Value;
        return activation is null ? y : activation.Forward(y);
    }

    /// <inheritdoc/>
    protected internal override long CountFlops(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return (long)output.Count * (2L * inFeatures + (bias is null ? -1 : 0));
    }

    /// <inheritdoc/>
    public override string Description
        => $"QuantizedLinear({inFeatures}, {weight.Value.Shape[0]}{(bias is null ? ", bias: false" : "")}{Activation.Suffix(activation)})";
}
