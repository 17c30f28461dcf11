namespace DeepNet.Training;

/// <summary>Represents figures of a parameter, its gradient and its last change at one step.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Name">The parameter's path in the model.</param>
/// <param name="WeightNorm">The 2-norm of its values before the step.</param>
/// <param name="GradientNorm">The 2-norm of its gradient, before clipping.</param>
/// <param name="GradientMax">The largest magnitude in its gradient.</param>
/// <param name="ZeroShare">The share of exact zeros in its gradient: dead units show here.</param>
/// <param name="UpdateNorm">The 2-norm of what the step changed; about a thousandth of the weights' is healthy.</param>
public readonly record struct ParameterStatistic(
    long Step, string Name, double WeightNorm, double GradientNorm, double GradientMax, double ZeroShare, double UpdateNorm);
