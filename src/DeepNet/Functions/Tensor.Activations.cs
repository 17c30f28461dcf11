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

    /// <summary>x, but at least 0 and at most 6.</summary>
    public Tensor Relu6() => HardTanh(0, 6);

    /// <summary>
    /// x, but at least min and at most max. The derivative is 0 at the limits, where that of <see cref="Clamp(double, double)"/> is 1.
    /// </summary>
    public Tensor HardTanh(double min = -1, double max = 1) => Elementwise.Apply(new HardTanh(min, max), this);

    /// <summary>x where positive, alpha · (e^(x / alpha) − 1) elsewhere.</summary>
    public Tensor Celu(double alpha = 1) => Elementwise.Apply(new Celu(alpha), this);

    /// <summary>x where |x| is above lambda, 0 elsewhere.</summary>
    public Tensor HardShrink(double lambda = 0.5) => Elementwise.Apply(new HardShrink(lambda), this);

    /// <summary>x nearer to 0 by lambda, 0 where |x| is less.</summary>
    public Tensor SoftShrink(double lambda = 0.5) => Elementwise.Apply(new SoftShrink(lambda), this);

    /// <summary>x − tanh(x).</summary>
    public Tensor TanhShrink() => Elementwise.Apply(new TanhShrink(), this);

    /// <summary>x where above a threshold, another number elsewhere.</summary>
    public Tensor Threshold(double threshold, double value) => Elementwise.Apply(new Threshold(threshold, value), this);

    /// <summary>The first half of an axis times the sigmoid of the second.</summary>
    public Tensor Glu(int axis = -1)
    {
        var (first, second) = HalvesOf("glu", axis);
        return first * second.Sigmoid();
    }

    /// <summary>The <see cref="Silu"/> of the first half of an axis times the second.</summary>
    public Tensor SwiGlu(int axis = -1)
    {
        var (first, second) = HalvesOf("swi_glu", axis);
        return first.Silu() * second;
    }

    private (Tensor First, Tensor Second) HalvesOf(string op, int axis)
    {
        axis = Axis.Normalize(op, axis, Shape);
        int half = Shape[axis] / 2;
        if (2 * half != Shape[axis])
            throw new ArgumentException($"[{op}] axis {axis} of shape {Shape} has the odd length {Shape[axis]}, which has no halves.");
        return (Narrow(axis, 0, half), Narrow(axis, half, half));
    }
}
