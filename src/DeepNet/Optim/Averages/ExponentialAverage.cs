using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>An exponential moving average of the parameters: mean ← decay·mean + (1 − decay)·p.</summary>
public sealed class ExponentialAverage : WeightAverage
{
    private readonly double decay;
    private readonly bool warmUp;

    /// <summary>Starts the mean at the parameters as they are.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="decay">The part of the mean that is kept at each update: 0.999 is a mean of about the last thousand.</param>
    /// <param name="warmUp">Whether the decay grows as (1 + n) / (10 + n) until it is reached, so that the start is soon forgotten.</param>
    public ExponentialAverage(IEnumerable<Parameter> parameters, double decay = 0.999, bool warmUp = false) : base(parameters)
    {
        this.decay = Check.Fraction(nameof(decay), decay);
        this.warmUp = warmUp;
    }

    private protected override string Kind => "exponential_average";

    private protected override double Weight(long update) => 1 - (warmUp ? Math.Min(decay, (1.0 + update) / (10.0 + update)) : decay);
}
