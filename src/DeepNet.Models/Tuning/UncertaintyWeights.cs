using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Weighs the losses of several tasks by uncertainties that are learned (Kendall et al. 2018): Σ ½·exp(−sᵢ)·Lᵢ + ½·sᵢ, where sᵢ is the
/// logarithm of the task's variance. A task whose loss stays high weighs less, and losses of different units meet.
/// </summary>
/// <example><code>
/// var weights = new UncertaintyWeights(2);
/// var optimizer = new Adam(model.Parameters().Concat(weights.Parameters()));
/// weights.Combine(Loss.Mse(depth, y1), Loss.CrossEntropy(kind, y2)).Backward();
/// </code></example>
public sealed class UncertaintyWeights : Module
{
    [StateName("log_variance")]
    private readonly Parameter logVariance;

    /// <summary>Makes the weights of a number of tasks, with variances of 1.</summary>
    public UncertaintyWeights(int tasks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tasks);
        logVariance = new Parameter(Tensor.Zeros(tasks));
    }

    /// <summary>Gets sᵢ, the logarithms of the variances.</summary>
    public Parameter LogVariance => logVariance;

    /// <summary>The weighted sum of the losses, (tasks,).</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 1 || x.Shape[0] != logVariance.Shape[0])
            throw new ArgumentException(
                $"[uncertainty_weights] losses of shape {x.Shape}: there must be one for each of {logVariance.Shape[0]} tasks.");
        return 0.5 * ((-logVariance.Value).Exp() * x + logVariance.Value).Sum();
    }

    /// <summary>The weighted sum of the losses, a single number each.</summary>
    public Tensor Combine(params ReadOnlySpan<Tensor> losses) => Forward(Tensor.Stack(losses));
}
