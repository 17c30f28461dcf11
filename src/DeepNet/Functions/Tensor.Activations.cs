using DeepNet.Ops;

namespace DeepNet;

// Activation functions: each is one formula under Ops/Elementwise.
public sealed partial class Tensor
{
    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => Elementwise.Apply(new Relu(), this);

    /// <summary>x where positive, slope · x elsewhere.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => Elementwise.Apply(new LeakyRelu(slope), this);

    /// <summary>x where positive, alpha · (eˣ − 1) elsewhere.</summary>
    public Tensor Elu(double alpha = 1) => Elementwise.Apply(new Elu(alpha), this);

    /// <summary>The self-normalising ELU.</summary>
    public Tensor Selu() => Elementwise.Apply(new Selu(), this);

    /// <summary>x · Φ(x), with the normal distribution function Φ.</summary>
    public Tensor Gelu() => Elementwise.Apply(new Gelu(), this);

    /// <summary>The usual approximation of <see cref="Gelu"/> by a hyperbolic tangent.</summary>
    public Tensor GeluTanh() => Elementwise.Apply(new GeluTanh(), this);

    /// <summary>x · sigmoid(x).</summary>
    public Tensor Silu() => Elementwise.Apply(new Silu(), this);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public Tensor Sigmoid() => Elementwise.Apply(new Sigmoid(), this);

    /// <summary>ln sigmoid(x), without loss in the tails.</summary>
    public Tensor LogSigmoid() => Elementwise.Apply(new LogSigmoid(), this);

    /// <summary>x / 6 + ½, limited to [0, 1].</summary>
    public Tensor HardSigmoid() => Elementwise.Apply(new HardSigmoid(), this);

    /// <summary>x · hard sigmoid(x).</summary>
    public Tensor HardSwish() => Elementwise.Apply(new HardSwish(), this);

    /// <summary>ln(1 + e^(beta·x)) / beta; linear above the threshold.</summary>
    public Tensor Softplus(double beta = 1, double threshold = 20) => Elementwise.Apply(new Softplus(beta, threshold), this);

    /// <summary>x / (1 + |x|).</summary>
    public Tensor Softsign() => Elementwise.Apply(new Softsign(), this);

    /// <summary>x · tanh(softplus(x)).</summary>
    public Tensor Mish() => Elementwise.Apply(new Mish(), this);
}
