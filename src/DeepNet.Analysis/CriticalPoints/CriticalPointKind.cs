namespace DeepNet.Analysis;

/// <summary>Specifies the kind of a critical point, by the signs of the Hessian's eigenvalues.</summary>
public enum CriticalPointKind
{
    /// <summary>All eigenvalues are positive: up in every direction.</summary>
    Minimum,

    /// <summary>All eigenvalues are negative: down in every direction.</summary>
    Maximum,

    /// <summary>Some are positive and some negative: there is a way down.</summary>
    Saddle,

    /// <summary>None disagree in sign, and some are zero: curvature alone does not tell.</summary>
    Degenerate,
}
