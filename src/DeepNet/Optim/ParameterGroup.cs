using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>
/// Parameters that are updated alike. What is left null here is as the optimizer says.
/// </summary>
/// <example><code>
/// var optimizer = new AdamW([
///     new ParameterGroup(weights),
///     new ParameterGroup(biases, learningRate: 1e-4) { WeightDecay = 0 },
/// ], new() { LearningRate = 1e-3 });
/// </code></example>
public sealed class ParameterGroup
{
    private double? learningRate, momentum, weightDecay, l1;

    /// <summary>Makes a group; give it to an optimizer.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">The group's own learning rate; null for the optimizer's.</param>
    /// <param name="momentum">The group's own momentum; null for the optimizer's.</param>
    public ParameterGroup(IEnumerable<Parameter> parameters, double? learningRate = null, double? momentum = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = [.. parameters];
        if (learningRate is { } rate) LearningRate = rate;
        if (momentum is { } m) Momentum = m;
    }

    /// <summary>The parameters, in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The learning rate, which schedules change.</summary>
    public double LearningRate
    {
        get => learningRate ?? double.NaN;
        set => learningRate = Check.NotNegative("learning rate", value);
    }

    /// <summary>The momentum: that of SGD and RMSprop, β₁ of the Adam family and of Lion. One-cycle schedules change it.</summary>
    public double Momentum
    {
        get => momentum ?? double.NaN;
        set => momentum = Check.Fraction("momentum", value);
    }

    /// <summary>The decay of the parameters: λ of the penalty ½λ‖p‖².</summary>
    public double? WeightDecay
    {
        get => weightDecay;
        set => weightDecay = value is { } decay ? Check.NotNegative("weight decay", decay) : null;
    }

    /// <summary>The weight of the penalty ‖p‖₁.</summary>
    public double? L1
    {
        get => l1;
        set => l1 = value is { } weight ? Check.NotNegative("l1", weight) : null;
    }

    /// <summary>True to shrink the parameters apart from the gradient (as AdamW), false to add the decay to the gradient.</summary>
    public bool? DecoupledDecay { get; set; }

    /// <summary>True for the proximal step of the L1 penalty, which makes exact zeros; false for its subgradient.</summary>
    public bool? ProximalL1 { get; set; }

    /// <summary>True to climb instead of descending.</summary>
    public bool? Maximize { get; set; }

    internal Optimizer? Owner { get; private set; }
    internal ParameterProgress[] Progress { get; private set; } = [];

    internal void Join(Optimizer owner, double rate, double defaultMomentum)
    {
        Owner = owner;
        learningRate ??= rate;
        momentum ??= defaultMomentum;
        Progress = new ParameterProgress[Parameters.Count];
        for (int i = 0; i < Progress.Length; i++) Progress[i] = new ParameterProgress(Parameters[i]);
    }

    /// <summary>The options of this group, with the optimizer's where the group leaves them open.</summary>
    internal Regularization Regularization(double scale)
    {
        var owner = Owner!;
        double decay = WeightDecay ?? owner.WeightDecay, sparsity = L1 ?? owner.L1;
        bool decoupled = DecoupledDecay ?? owner.DecoupledDecay, proximal = ProximalL1 ?? owner.ProximalL1;
        return new Regularization(
            Scale: Maximize ?? owner.Maximize ? -scale : scale,
            Limit: owner.ClipValue ?? double.PositiveInfinity,
            L2: decoupled ? 0 : decay,
            L1: proximal ? 0 : sparsity,
            Keep: decoupled ? 1 - LearningRate * decay : 1,
            Threshold: proximal ? LearningRate * sparsity : 0);
    }
}
