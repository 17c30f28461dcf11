namespace DeepNet.Nn;

/// <summary>
/// Starting values of parameters. Each method fills a tensor in place and returns it. A weight is (out, in, kernel…); what it
/// sums over is its fan-in.
/// </summary>
/// <example><code>Init.HeNormal(layer.Weight, generator: random);</code></example>
public static class Init
{
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>Every element the same.</summary>
    public static Tensor Constant(Tensor tensor, double value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using (GradSwitch.Off()) tensor.CopyFrom(Tensor.Full(Shape.Scalar, value, tensor.DType, tensor.Device));
        return tensor;
    }

    /// <summary>Zeros.</summary>
    public static Tensor Zeros(Tensor tensor) => Constant(tensor, 0);

    /// <summary>Ones.</summary>
    public static Tensor Ones(Tensor tensor) => Constant(tensor, 1);

    /// <summary>Uniform in [low, high).</summary>
    public static Tensor Uniform(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
        => Fill(tensor, t => t.FillUniform(low, high, generator));

    /// <summary>Normal.</summary>
    public static Tensor Normal(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
        => Fill(tensor, t => t.FillNormal(mean, std, generator));

    /// <summary>Normal, what lies outside [low, high] left out.</summary>
    public static Tensor TruncatedNormal(
        Tensor tensor, double mean = 0, double std = 1, double low = -2, double high = 2, Generator? generator = null)
        => Fill(tensor, t => t.FillTruncatedNormal(mean, std, low, high, generator));

    /// <summary>Xavier (Glorot): uniform with variance gain²·2 / (in + out), for tanh and sigmoid.</summary>
    public static Tensor XavierUniform(Tensor tensor, double gain = 1, Generator? generator = null)
        => Within(tensor, gain * Math.Sqrt(6.0 / FanSum(tensor)), generator);

    /// <summary>Xavier (Glorot): normal with variance gain²·2 / (in + out).</summary>
    public static Tensor XavierNormal(Tensor tensor, double gain = 1, Generator? generator = null)
        => Normal(tensor, 0, gain * Math.Sqrt(2.0 / FanSum(tensor)), generator);

    /// <summary>He (Kaiming): uniform with variance gain² / fan, for ReLU.</summary>
    /// <param name="tensor">The weight.</param>
    /// <param name="gain">See <see cref="Gain"/>; √2 belongs to ReLU.</param>
    /// <param name="fanOut">True to keep the variance of gradients rather than of activations.</param>
    /// <param name="generator">The source of random numbers.</param>
    public static Tensor HeUniform(Tensor tensor, double gain = Sqrt2, bool fanOut = false, Generator? generator = null)
        => Within(tensor, gain * Math.Sqrt(3.0 / Fan(tensor, fanOut)), generator);

    /// <summary>He (Kaiming): normal with variance gain² / fan.</summary>
    /// <inheritdoc cref="HeUniform" path="/param"/>
    public static Tensor HeNormal(Tensor tensor, double gain = Sqrt2, bool fanOut = false, Generator? generator = null)
        => Normal(tensor, 0, gain / Math.Sqrt(Fan(tensor, fanOut)), generator);

    /// <summary>LeCun: uniform with variance 1 / in, for SELU.</summary>
    public static Tensor LeCunUniform(Tensor tensor, Generator? generator = null) => HeUniform(tensor, 1, false, generator);

    /// <summary>LeCun: normal with variance 1 / in, for SELU.</summary>
    public static Tensor LeCunNormal(Tensor tensor, Generator? generator = null) => HeNormal(tensor, 1, false, generator);

    /// <summary>
    /// Rows (or columns, if there are fewer) that are orthogonal and of length <paramref name="gain"/>; axes after the first count as one.
    /// </summary>
    public static Tensor Orthogonal(Tensor tensor, double gain = 1, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank < 2) throw new ArgumentException($"[orthogonal] a tensor of shape {tensor.Shape} has no rows and columns.");
        if (tensor.Count == 0) return tensor;
        int rows = tensor.Shape[0], columns = (int)(tensor.Count / rows);
        bool isWide = rows < columns;
        var (count, length) = isWide ? (rows, columns) : (columns, rows);
        using var noGrad = GradSwitch.Off();
        using var basis = Tensor.Randn(new Shape(count, length), DType.Float64, generator: generator);
        OrthogonalRows.Make(basis);
        var vectors = basis * gain;
        tensor.CopyFrom((isWide ? vectors : vectors.T).Reshape(tensor.Shape.Axes));
        return tensor;
    }

    /// <summary>
    /// What a weight is to be scaled by so that an activation after it neither shrinks nor grows the signal: <c>linear</c>, <c>sigmoid</c>,
    /// <c>tanh</c>, <c>relu</c>, <c>leaky_relu</c>, <c>selu</c>.
    /// </summary>
    /// <param name="activation">Its name.</param>
    /// <param name="slope">The left slope of leaky_relu.</param>
    public static double Gain(string activation, double slope = 0.01) => activation switch
    {
        "linear" or "sigmoid" or "identity" => 1,
        "tanh" => 5.0 / 3,
        "relu" => Sqrt2,
        "leaky_relu" => Math.Sqrt(2 / (1 + slope * slope)),
        "selu" => 0.75,
        _ => throw new ArgumentException(
            $"[gain] there is no gain for '{activation}'. Known: linear, sigmoid, tanh, relu, leaky_relu, selu."),
    };

    /// <summary>PyTorch's default for layers with a weight: uniform within ±1/√fan-in.</summary>
    internal static Tensor Default(Tensor tensor, int fanIn, Generator? generator) => Within(tensor, 1 / Math.Sqrt(fanIn), generator);

    private static Tensor Within(Tensor tensor, double bound, Generator? generator) => Uniform(tensor, -bound, bound, generator);

    private static Tensor Fill(Tensor tensor, Action<Tensor> fill)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using (GradSwitch.Off()) fill(tensor);
        return tensor;
    }

    private static double FanSum(Tensor tensor) => Fan(tensor, false) + Fan(tensor, true);

    private static double Fan(Tensor tensor, bool isOut)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.Shape;
        if (shape.Rank < 2)
            throw new ArgumentException(
                $"[init] a tensor of shape {shape} has no fan-in and fan-out: it needs two axes at least. For biases: Init.Zeros or "
                + "Init.Uniform.");
        double kernel = 1;
        for (int i = 2; i < shape.Rank; i++) kernel *= shape[i];
        return shape[isOut ? 0 : 1] * kernel;
    }
}
