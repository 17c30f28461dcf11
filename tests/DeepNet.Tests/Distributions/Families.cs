using DeepNet.Distributions;

namespace DeepNet.Tests.Distributions;

/// <summary>A distribution or two of each family, of float64 numbers.</summary>
internal static class Families
{
    private static Tensor Of(params double[] values) => Tensor.From<double>(values);

    public static IReadOnlyDictionary<string, Func<Distribution>> All { get; } = new Dictionary<string, Func<Distribution>>
    {
        ["Normal"] = () => new Normal(Of(-1.5, 2), Of(0.5, 3)),
        ["Uniform"] = () => new Uniform(Of(-1, 2), Of(0.5, 5)),
        ["Gamma"] = () => new Gamma(Of(0.3, 1, 4.5, 80), Of(2, 0.5, 1, 10)),
        ["Beta"] = () => new Beta(Of(0.6, 2, 5), Of(1.5, 3, 0.8)),
        ["Bernoulli"] = () => new Bernoulli(Of(0.1, 0.75)),
        ["Poisson"] = () => new Poisson(Of(0.7, 6, 40)),
        ["Categorical"] = () => new Categorical(Tensor.From<double>([1, 2, 5, 3, 0, 1], new Shape(2, 3))),
        ["Dirichlet"] = () => new Dirichlet(Tensor.From<double>([0.5, 2, 3, 1, 1, 8], new Shape(2, 3))),
        ["MultivariateNormal"] = () => new MultivariateNormal(
            Of(1, -2), Tensor.From<double>([1.5, 9, 0.7, 0.4, 0.8, 9, -0.5, 2], new Shape(2, 2, 2))),
        ["Independent"] = () => new Independent(new Normal(Tensor.From<double>([0, 1, 2, 3], new Shape(2, 2)), Of(1, 0.5)), 1),
    };

    /// <summary>Other parameters, for divergences.</summary>
    public static IReadOnlyDictionary<string, Func<Distribution>> Others { get; } = new Dictionary<string, Func<Distribution>>
    {
        ["Normal"] = () => new Normal(Of(-1, 1), Of(0.7, 2.5)),
        ["Uniform"] = () => new Uniform(Of(-2, 1), Of(0.5, 6)),
        ["Gamma"] = () => new Gamma(Of(0.5, 1.5, 4, 90), Of(1.5, 0.6, 1.1, 11)),
        ["Beta"] = () => new Beta(Of(0.8, 2.5, 4), Of(1.2, 2.5, 1)),
        ["Bernoulli"] = () => new Bernoulli(logits: Of(-1, 0.5)),
        ["Poisson"] = () => new Poisson(Of(1, 5, 42)),
        ["Categorical"] = () => new Categorical(logits: Tensor.From<double>([0, 1, 1, 1, 0, 0.5], new Shape(2, 3))),
        ["Dirichlet"] = () => new Dirichlet(Tensor.From<double>([1, 2, 2, 1.5, 2, 6], new Shape(2, 3))),
        ["MultivariateNormal"] = () => new MultivariateNormal(Of(0.5, -1), Tensor.From<double>([1, 0, 0.2, 1.5], new Shape(2, 2))),
        ["Independent"] = () => new Independent(new Normal(Tensor.From<double>([0, 1, 1, 2], new Shape(2, 2)), Of(1.2, 0.8)), 1),
    };
}
