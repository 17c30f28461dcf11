namespace DeepNet.Optim;

/// <summary>Represents what is done to a gradient before a rule sees it, and to a parameter around the rule.</summary>
/// <param name="Scale">Multiplies the gradient: the share that clipping leaves; negative to maximise.</param>
/// <param name="Limit">The largest magnitude of a gradient's element; ∞ for no limit.</param>
/// <param name="L2">Adds this much of the parameter to the gradient: coupled decay.</param>
/// <param name="L1">Adds this much of the parameter's sign to the gradient.</param>
/// <param name="Keep">Multiplies the parameter before the step: one minus the decoupled decay.</param>
/// <param name="Threshold">Moves the parameter this far towards zero after the step, and not past it: proximal L1.</param>
internal readonly record struct Regularization(double Scale, double Limit, double L2, double L1, double Keep, double Threshold)
{
    /// <summary>The gradient as it is.</summary>
    public static Regularization None { get; } = new(1, double.PositiveInfinity, 0, 0, 1, 0);

    /// <summary>Gets the part that is done to the gradient.</summary>
    public Regularization Before => this with { Keep = 1, Threshold = 0 };

    /// <summary>Gets the part that is done to the parameter.</summary>
    public Regularization After => None with { Keep = Keep, Threshold = Threshold };

    /// <summary>True if nothing is done at all, so that the bare rule serves.</summary>
    public bool IsNone => Equals(None);

    /// <summary>True if there is nothing but scale and decay.</summary>
    public bool IsDecay => L1 == 0 && Threshold == 0 && double.IsPositiveInfinity(Limit);
}
