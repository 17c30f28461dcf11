using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Weights of length 1: the original divided by its 2-norm along some axis, so that only directions are learned.</summary>
/// <param name="axis">The axis along which elements are one vector: the last, by default, so that each output of a linear layer has
/// one.</param>
/// <param name="epsilon">The smallest norm that is divided by.</param>
public sealed class UnitNorm(int axis = -1, double epsilon = 1e-12) : Parametrization
{
    /// <inheritdoc/>
    protected override Tensor Inverse(Tensor value) => value;

    /// <summary>Computes the weight from its original.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x / x.Norm(2, axis, keepDim: true).Clamp(min: epsilon);
    }

    /// <inheritdoc/>
    public override string Description => $"UnitNorm({(axis == -1 ? "" : $"axis: {axis}")})";
}
