using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>The settings of <see cref="AdamW"/>: those of <see cref="Adam"/>, with a weight decay of 0.01.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <summary>Initializes the settings to their defaults.</summary>
    public AdamWOptions() : base(weightDecay: 0.01) { }
}

/// <summary>
/// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019): the decay is not divided by the gradient's size.
/// </summary>
public sealed class AdamW : Adam
{
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double)"/>
    public AdamW(IEnumerable<Parameter> parameters, double learningRate = 1e-3)
        : this(parameters, new AdamWOptions { LearningRate = learningRate }) { }

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, AdamOptions)"/>
    public AdamW(IEnumerable<Parameter> parameters, AdamWOptions options) : this(One(parameters), options) { }

    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, AdamOptions)"/>
    public AdamW(IEnumerable<ParameterGroup> groups, AdamWOptions options) : base(groups, options) => DecoupledDecay = true;

    /// <inheritdoc/>
    public override string Name => "adamw";
}
