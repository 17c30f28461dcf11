using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019): the decay is not divided by the gradient's size.</summary>
public sealed class AdamW : Adam
{
    /// <inheritdoc cref="Adam(IEnumerable{ParameterGroup}, double, double, double, double, double, bool)"/>
    public AdamW(IEnumerable<ParameterGroup> groups, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsgrad = false)
        : base(groups, lr, beta1, beta2, epsilon, weightDecay, amsgrad) => DecoupledDecay = true;

    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double, double, double, double, double, bool)"/>
    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, bool amsgrad = false)
        : this(One(parameters), lr, beta1, beta2, epsilon, weightDecay, amsgrad) { }

    /// <inheritdoc/>
    public override string Name => "adamw";
}
