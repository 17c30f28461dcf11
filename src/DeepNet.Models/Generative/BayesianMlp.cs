using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Specifies a <see cref="BayesianMlp"/>.</summary>
/// <param name="Widths">The number of inputs, the widths of the hidden layers, and the number of outputs.</param>
public sealed record BayesianMlpConfig(IReadOnlyList<int> Widths)
{
    /// <summary>Gets the network of Blundell et al. for digits, a mean and a deviation for each weight: 956,820 parameters.</summary>
    public static BayesianMlpConfig Digits { get; } = new([784, 400, 400, 10]);

    /// <summary>Gets the standard deviation of the prior of weights and biases.</summary>
    public double PriorStd { get; init; } = 1;

    /// <summary>Gets the standard deviation that weights and biases begin with.</summary>
    public double InitialStd { get; init; } = 0.05;
}

/// <summary>
/// A linear layer of uncertain weights: each is normally distributed, and mean and deviation are learned. What is drawn are the sums,
/// one by one, whose distribution is known (local reparametrisation, Kingma et al. 2015): that varies less than drawing weights.
/// </summary>
public sealed class BayesianLinear : Layer
{
    [StateName("weight_mu")]
    private readonly Parameter weight;
    [StateName("weight_rho")]
    private readonly Parameter weightSpread;
    [StateName("bias_mu")]
    private readonly Parameter bias;
    [StateName("bias_rho")]
    private readonly Parameter biasSpread;
    private readonly double priorStd;
    private readonly Generator? generator;

    /// <summary>Makes the layer. Means begin by He's initialisation.</summary>
    /// <param name="inFeatures">The length of the last axis of the input.</param>
    /// <param name="outFeatures">The length of the last axis of the output.</param>
    /// <param name="priorStd">The standard deviation of the prior.</param>
    /// <param name="initialStd">The standard deviation that weights and biases begin with.</param>
    /// <param name="generator">The source of starting values and of what is drawn.</param>
    public BayesianLinear(
        int inFeatures, int outFeatures, double priorStd = 1, double initialStd = 0.05, Generator? generator = null)
    {
        (this.priorStd, this.generator) = (priorStd, generator);
        double spread = Math.Log(Math.Exp(initialStd) - 1);       // softplus of it is the deviation
        weight = new Parameter(Init.HeNormal(Tensor.Empty(new Shape(outFeatures, inFeatures)), generator: generator));
        weightSpread = new Parameter(Tensor.Full(new Shape(outFeatures, inFeatures), spread));
        bias = new Parameter(Tensor.Zeros(outFeatures));
        biasSpread = new Parameter(Tensor.Full(new Shape(outFeatures), spread));
    }

    /// <summary>
    /// Computes the sums by drawn weights, in both modes: a network that is sure of its weights has no use for this layer.
    /// </summary>
    protected override Tensor Compute(Tensor x)
    {
        var mean = x.Affine(weight, bias.Value, transposed: true);
        var variance = x.Square().Affine(weightSpread.Value.Softplus().Square(), biasSpread.Value.Softplus().Square(), transposed: true);
        return mean + variance.Sqrt() * Tensor.Randn(mean.Shape, mean.DType, mean.Device, generator);
    }

    /// <summary>Computes the sums by the means of the weights.</summary>
    public Tensor Mean(Tensor x) => Locate(x, () => x.Affine(weight, bias.Value, transposed: true));

    /// <summary>Computes how far the distributions of weights and biases are from the prior.</summary>
    public Tensor KlDivergence() => KlDivergence(weight, weightSpread) + KlDivergence(bias, biasSpread);

    private Tensor KlDivergence(Tensor mean, Tensor spread)
    {
        var std = spread.Softplus() / priorStd;
        return (0.5 * ((mean / priorStd).Square() + std.Square() - 1) - std.Log()).Sum();
    }
}

/// <summary>
/// A multi-layer perceptron that knows how sure it is: by variational inference (Blundell et al. 2015) it learns a distribution of each
/// weight. Where there were data, all likely weights agree; away from them their answers part.
/// </summary>
/// <example><code>
/// var cost = Loss.Mse(model.Forward(x), y) / (2 * noise * noise) + model.KlDivergence() / samples;
/// var (mean, variance) = model.Predict(x, draws: 100);
/// </code></example>
public sealed class BayesianMlp : Layer
{
    private readonly BayesianLinear[] layers;

    /// <summary>Makes the network.</summary>
    public BayesianMlp(BayesianMlpConfig config, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Widths.Count < 2) throw new ArgumentException("[bayesian_mlp] there must be two widths at least: inputs and outputs.");
        layers = [.. config.Widths.Zip(config.Widths.Skip(1),
            (inputs, outputs) => new BayesianLinear(inputs, outputs, config.PriorStd, config.InitialStd, generator))];
    }

    /// <summary>Computes outputs by drawn weights.</summary>
    protected override Tensor Compute(Tensor x) => Run(x, (layer, y) => layer.Forward(y));

    /// <summary>Computes outputs by the means of the weights, without chance: the network that can be exported.</summary>
    public Tensor Mean(Tensor x) => Locate(x, () => Run(x, (layer, y) => layer.Mean(y)));

    private Tensor Run(Tensor x, Func<BayesianLinear, Tensor, Tensor> compute)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            x = compute(layers[i], x);
            if (i < layers.Length - 1) x = x.Relu();
        }
        return x;
    }

    /// <summary>Computes how far the distributions of all weights are from the prior.</summary>
    public Tensor KlDivergence()
    {
        var sum = layers[0].KlDivergence();
        for (int i = 1; i < layers.Length; i++) sum = sum + layers[i].KlDivergence();
        return sum;
    }

    /// <summary>Computes mean and variance of the outputs over many draws of the weights.</summary>
    public (Tensor Mean, Tensor Variance) Predict(Tensor x, int draws = 100)
    {
        if (draws < 2) throw new ArgumentException($"[bayesian_mlp] {draws} draws have no variance: there must be two at least.");
        using var off = Autograd.NoGrad();
        var outputs = Tensor.Stack([.. Enumerable.Range(0, draws).Select(_ => Forward(x))]);
        return (outputs.Mean(0), outputs.Var(0));
    }
}
