using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Nn;

/// <summary>
/// A layer that applies a formula to every element. As the activation of a linear layer or a convolution it is computed along with that,
/// with the same result.
/// </summary>
/// <param name="formula">The formula.</param>
/// <example><code>
/// sealed class SquaredRelu() : Activation(Formula.Of(new MyFormulas.SquaredRelu()));
/// var layer = new Linear(784, 128, activation: new SquaredRelu());
/// </code></example>
public class Activation(Formula formula) : Layer
{
    /// <summary>Gets the formula.</summary>
    public Formula Formula { get; } = formula ?? throw new ArgumentNullException(nameof(formula));

    /// <summary>The formula of an activation, as functions of tensors take it.</summary>
    [return: NotNullIfNotNull(nameof(activation))]
    public static implicit operator Formula?(Activation? activation) => activation?.Formula;

    /// <summary>Gets the formula for the layer that this activation belongs to; null if it is to be computed by itself.</summary>
    internal Formula? Fused => IsWatched ? null : Formula;

    /// <summary>Applies the activation to what a layer computed with <see cref="Fused"/>, if that did not.</summary>
    internal static Tensor Finish(Tensor y, Activation? activation) => activation is { Fused: null } ? activation.Forward(y) : y;

    /// <summary>An activation as an argument at the end of a list of them.</summary>
    internal static string Suffix(Activation? activation) => activation is null ? "" : $", activation: {activation}";

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor x) => Formula.Apply(x);
}
