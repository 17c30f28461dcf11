using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>Stochastic weight averaging (Izmailov et al. 2018): the plain mean of the parameters at each update.</summary>
/// <param name="parameters">The parameters.</param>
public sealed class StochasticAverage(IEnumerable<Parameter> parameters) : WeightAverage(parameters)
{
    private protected override string Kind => "stochastic_average";

    private protected override double Weight(long update) => 1.0 / (update + 1);
}
