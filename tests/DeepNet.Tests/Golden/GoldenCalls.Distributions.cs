using DeepNet.Distributions;

namespace DeepNet.Tests.Golden;

internal static partial class GoldenCalls
{
    private static Dictionary<string, Func<GoldenCall, Tensor[]>> Densities => new()
    {
        ["log_prob"] = One(c => Family(c.Case.Text("family"), c.Inputs[..^1]).LogProb(
            c.Case.Text("family") == "dirichlet" ? c.Inputs[^1] / c.Inputs[^1].Sum(-1, keepDim: true) : c.Inputs[^1])),
        ["entropy"] = One(c => Family(c.Case.Text("family"), c.Inputs).Entropy()),
        ["cdf"] = One(c => Family(c.Case.Text("family"), c.Inputs[..^1]).Cdf(c.Inputs[^1])),
        ["kl_divergence"] = One(c =>
        {
            int half = c.Inputs.Length / 2;
            string other = c.Case.Has("other") ? c.Case.Text("other") : c.Case.Text("family");
            return Distribution.KlDivergence(Family(c.Case.Text("family"), c.Inputs[..half]), Family(other, c.Inputs[half..]));
        }),
        ["moments"] = c =>
        {
            var distribution = Family(c.Case.Text("family"), c.Inputs);
            return [distribution.Mean, distribution.Variance];
        },
    };

    private static Distribution Family(string name, Tensor[] x) => name switch
    {
        "normal" => new Normal(x[0], x[1]),
        "uniform" => new Uniform(x[0], x[1]),
        "bernoulli" => new Bernoulli(x[0]),
        "bernoulli_logits" => new Bernoulli(logits: x[0]),
        "categorical" => new Categorical(x[0]),
        "categorical_logits" => new Categorical(logits: x[0]),
        "gamma" => new Gamma(x[0], x[1]),
        "beta" => new Beta(x[0], x[1]),
        "dirichlet" => new Dirichlet(x[0]),
        "poisson" => new Poisson(x[0]),
        "multivariate_normal" => new MultivariateNormal(x[0], x[1]),
        _ => throw new ArgumentException($"No distribution {name}."),
    };
}
