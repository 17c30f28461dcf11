namespace DeepNet.Optim;

/// <summary>The settings of optimizers of the Adam family: running means of gradients and of their squares.</summary>
public abstract record MomentOptions : OptimizerOptions
{
    private protected MomentOptions(double learningRate, double weightDecay = 0) : base(learningRate, weightDecay) { }

    /// <summary>Gets the part of the mean of gradients that is kept from step to step.</summary>
    public double Beta1 { get; init; } = 0.9;

    internal override double GroupMomentum => Beta1;

    /// <summary>Gets the part of the mean of squares (of Adamax, of the largest gradient) that is kept from step to step.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Gets the number added to the root, so that no step is divided by zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Gets the settings of the mean of squares, checked.</summary>
    internal (double Beta2, double Epsilon) OfSquares
        => (Check.Fraction(nameof(Beta2), Beta2), Check.NotNegative(nameof(Epsilon), Epsilon));
}
