using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Prior distributions of weights. The weights that are likeliest after the data (MAP) minimise the negative log-likelihood of N examples
/// plus the prior's; divided by N, so that the first is the usual mean loss, the prior's is weight decay.
/// </summary>
/// <example><code>
/// // The same thing twice: a loss with the prior, and an optimizer with decay.
/// var loss = Loss.CrossEntropy(logits, y) + Prior.Gaussian(model.Parameters(), deviation: 0.5, examples: 50_000);
/// var optimizer = new Sgd(model.Parameters(), new SgdOptions { WeightDecay = Prior.WeightDecay(0.5, 50_000) });
/// </code></example>
public static class Prior
{
    /// <summary>−ln p / N of independent Gaussian weights of mean 0, without the constant: Σw² / 2σ²N.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="deviation">σ: how large weights are expected to be.</param>
    /// <param name="examples">N, the number of examples in all.</param>
    public static Tensor Gaussian(IEnumerable<Parameter> parameters, double deviation, long examples)
        => Sum(parameters, w => w.Square()) * (WeightDecay(deviation, examples) / 2);

    /// <summary>−ln p / N of independent Laplacian weights of mean 0, without the constant: Σ|w| / bN.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="scale">b: the expected magnitude of weights.</param>
    /// <param name="examples">N, the number of examples in all.</param>
    public static Tensor Laplace(IEnumerable<Parameter> parameters, double scale, long examples)
        => Sum(parameters, w => w.Abs()) * L1(scale, examples);

    /// <summary>The weight decay that is a Gaussian prior: 1 / σ²N.</summary>
    public static double WeightDecay(double deviation, long examples) => 1 / (Positive(deviation) * deviation * Positive(examples));

    /// <summary>The weight of the L1 penalty that is a Laplacian prior: 1 / bN.</summary>
    public static double L1(double scale, long examples) => 1 / (Positive(scale) * Positive(examples));

    private static Tensor Sum(IEnumerable<Parameter> parameters, Func<Tensor, Tensor> term)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Tensor? sum = null;
        foreach (var parameter in parameters)
            if (parameter.RequiresGrad) sum = sum is null ? term(parameter.Value).Sum() : sum + term(parameter.Value).Sum();
        return sum ?? throw new ArgumentException("[prior] there is no parameter that is trained.", nameof(parameters));
    }

    private static double Positive(double value)
        => value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "[prior] scales and numbers of examples must be positive.");
}
