namespace DeepNet.Nn;

/// <summary>yₖ = aᵀ·Wₖ·b + cₖ of two inputs.</summary>
public sealed class Bilinear : Layer
{
    private readonly int first, second, outputs;
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <summary>Makes the layer with PyTorch's defaults: all uniform within ±1/√first.</summary>
    public Bilinear(int first, int second, int outputs, bool bias = true, Generator? generator = null)
    {
        Check.Positive("bilinear", nameof(first), first);
        Check.Positive("bilinear", nameof(second), second);
        Check.Positive("bilinear", nameof(outputs), outputs);
        (this.first, this.second, this.outputs) = (first, second, outputs);
        weight = new Parameter(Init.Default(Tensor.Empty(new Shape(outputs, first, second)), first, generator));
        if (bias) this.bias = new Parameter(Init.Default(Tensor.Empty(new Shape(outputs)), first, generator));
    }

    /// <summary>W, of shape (outputs, first, second).</summary>
    public Parameter Weight => weight;

    /// <summary>c; null if there is none.</summary>
    public Parameter? Bias => bias;

    /// <summary>The form of two vectors of each sample, (…, first) and (…, second).</summary>
    public Tensor Forward(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return Locate(a, () => Compute(a, b));
    }

    /// <summary>The form of an input with itself.</summary>
    protected override Tensor Compute(Tensor x) => Compute(x, x);

    private Tensor Compute(Tensor a, Tensor b)
    {
        if (a.Rank == 0 || b.Rank == 0 || a.Shape[^1] != first || b.Shape[^1] != second
            || !a.Shape.Axes[..^1].SequenceEqual(b.Shape.Axes[..^1]))
            throw new ArgumentException(
                $"[bilinear] expects (..., {first}) and (..., {second}) of equal leading axes, got {a.Shape} and {b.Shape}.");
        var y = Tensor.Einsum("ni,kij,nj->nk", a.Reshape(-1, first), weight.Value, b.Reshape(-1, second));
        if (bias is not null) y = y + bias.Value;
        return y.Reshape([.. a.Shape.Axes[..^1], outputs]);
    }

    /// <inheritdoc/>
    public override string Description => $"Bilinear({first}, {second}, {outputs})";
}
