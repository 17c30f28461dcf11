using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Weights that are never negative: the softplus of the original.</summary>
/// <example><code>
/// layer.Weight.Parametrize(new NonNegative());       // before the optimizer is made
/// </code></example>
public sealed class NonNegative : Parametrization
{
    private const double Smallest = 1e-6;       // its original is −14, from where a gradient still leads back

    /// <summary>The original of a weight; negative weights become nearly 0.</summary>
    protected override Tensor Inverse(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // ln(eʷ − 1) without overflow.
        var w = value.Clamp(min: Smallest);
        return w + (-(-w).Expm1()).Log();
    }

    /// <summary>Computes the weight from its original.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Softplus();
    }
}
