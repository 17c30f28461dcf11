namespace DeepNet.Nn;

// The activations of the core as layers.

/// <summary>max(0, x).</summary>
public sealed class Relu : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Relu();
}

/// <summary>x where positive, else slope·x.</summary>
/// <param name="slope">The slope on the left.</param>
public sealed class LeakyRelu(double slope = 0.01) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.LeakyRelu(slope);
}

/// <summary>x where positive, else α·(eˣ − 1).</summary>
/// <param name="alpha">The limit of −y towards −∞.</param>
public sealed class Elu(double alpha = 1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Elu(alpha);
}

/// <summary>The self-normalising unit.</summary>
public sealed class Selu : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Selu();
}

/// <summary>x·Φ(x), exactly.</summary>
public sealed class Gelu : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Gelu();
}

/// <summary>x·Φ(x), by the usual approximation with tanh.</summary>
public sealed class GeluTanh : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.GeluTanh();
}

/// <summary>x·σ(x), also called swish.</summary>
public sealed class Silu : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Silu();
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
public sealed class Sigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Sigmoid();
}

/// <summary>ln σ(x).</summary>
public sealed class LogSigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.LogSigmoid();
}

/// <summary>A sigmoid of three straight pieces.</summary>
public sealed class HardSigmoid : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.HardSigmoid();
}

/// <summary>x·HardSigmoid(x).</summary>
public sealed class HardSwish : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.HardSwish();
}

/// <summary>The hyperbolic tangent.</summary>
public sealed class Tanh : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Tanh();
}

/// <summary>ln(1 + e^(βx)) / β.</summary>
/// <param name="beta">β.</param>
/// <param name="threshold">Above this βx the result is x.</param>
public sealed class Softplus(double beta = 1, double threshold = 20) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Softplus(beta, threshold);
}

/// <summary>x / (1 + |x|).</summary>
public sealed class Softsign : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Softsign();
}

/// <summary>x·tanh(softplus x).</summary>
public sealed class Mish : Layer
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Mish();
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
