namespace DeepNet.Nn;

// The activations of the core as layers.

/// <summary>max(0, x).</summary>
public sealed class Relu() : Activation(Formula.Of(new Ops.Relu()));

/// <summary>x where positive, else slope·x.</summary>
/// <param name="slope">The slope on the left.</param>
public sealed class LeakyRelu(double slope = 0.01) : Activation(Formula.Of(new Ops.LeakyRelu(slope)));

/// <summary>x where positive, else α·(eˣ − 1).</summary>
/// <param name="alpha">The limit of −y towards −∞.</param>
public sealed class Elu(double alpha = 1) : Activation(Formula.Of(new Ops.Elu(alpha)));

/// <summary>The self-normalising unit.</summary>
public sealed class Selu() : Activation(Formula.Of(new Ops.Selu()));

/// <summary>x·Φ(x), exactly.</summary>
public sealed class Gelu() : Activation(Formula.Of(new Ops.Gelu()));

/// <summary>x·Φ(x), by the usual approximation with tanh.</summary>
public sealed class GeluTanh() : Activation(Formula.Of(new Ops.GeluTanh()));

/// <summary>x·σ(x), also called swish.</summary>
public sealed class Silu() : Activation(Formula.Of(new Ops.Silu()));

/// <summary>1 / (1 + e⁻ˣ).</summary>
public sealed class Sigmoid() : Activation(Formula.Of(new Ops.Sigmoid()));

/// <summary>ln σ(x).</summary>
public sealed class LogSigmoid() : Activation(Formula.Of(new Ops.LogSigmoid()));

/// <summary>A sigmoid of three straight pieces.</summary>
public sealed class HardSigmoid() : Activation(Formula.Of(new Ops.HardSigmoid()));

/// <summary>x·HardSigmoid(x).</summary>
public sealed class HardSwish() : Activation(Formula.Of(new Ops.HardSwish()));

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh() : Activation(Formula.Of(new Ops.Tanh()));

/// <summary>ln(1 + e^(βx)) / β.</summary>
/// <param name="beta">β.</param>
/// <param name="threshold">Above this βx the result is x.</param>
public sealed class Softplus(double beta = 1, double threshold = 20) : Activation(Formula.Of(new Ops.Softplus(beta, threshold)));

/// <summary>x / (1 + |x|).</summary>
public sealed class Softsign() : Activation(Formula.Of(new Ops.Softsign()));

/// <summary>x·tanh(softplus x).</summary>
public sealed class Mish() : Activation(Formula.Of(new Ops.Mish()));

/// <summary>x, but at least 0 and at most 6.</summary>
public sealed class Relu6() : Activation(Formula.Of(new Ops.HardTanh(0, 6)));

/// <summary>x, but at least min and at most max.</summary>
/// <param name="min">The lower limit.</param>
/// <param name="max">The upper limit.</param>
public sealed class HardTanh(double min = -1, double max = 1) : Activation(Formula.Of(new Ops.HardTanh(min, max)));

/// <summary>x where positive, else α·(e^(x/α) − 1).</summary>
/// <param name="alpha">The limit of −y towards −∞.</param>
public sealed class Celu(double alpha = 1) : Activation(Formula.Of(new Ops.Celu(alpha)));

/// <summary>x where |x| &gt; λ, else 0.</summary>
/// <param name="lambda">λ.</param>
public sealed class HardShrink(double lambda = 0.5) : Activation(Formula.Of(new Ops.HardShrink(lambda)));

/// <summary>x nearer to 0 by λ, and 0 where |x| ≤ λ.</summary>
/// <param name="lambda">λ.</param>
public sealed class SoftShrink(double lambda = 0.5) : Activation(Formula.Of(new Ops.SoftShrink(lambda)));

/// <summary>x − tanh x.</summary>
public sealed class TanhShrink() : Activation(Formula.Of(new Ops.TanhShrink()));

/// <summary>x where it is above a threshold, else another number.</summary>
/// <param name="threshold">The threshold.</param>
/// <param name="value">The other number.</param>
public sealed class Threshold(double threshold, double value) : Activation(Formula.Of(new Ops.Threshold(threshold, value)));

/// <summary>a·σ(b) of the halves a and b of an axis.</summary>
/// <param name="axis">The axis, which becomes half as long.</param>
public sealed class Glu(int axis = -1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Glu(axis);
}

/// <summary>a·σ(a)·b of the halves a and b of an axis.</summary>
/// <param name="axis">The axis, which becomes half as long.</param>
public sealed class SwiGlu(int axis = -1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.SwiGlu(axis);
}

/// <summary>eˣ / Σ eˣ along an axis.</summary>
/// <param name="axis">The axis that sums to 1.</param>
public sealed class Softmax(int axis = -1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Softmax(axis);
}

/// <summary>The logarithm of the softmax.</summary>
/// <param name="axis">The axis whose exponentials sum to 1.</param>
public sealed class LogSoftmax(int axis = -1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.LogSoftmax(axis);
}
