namespace DeepNet.Devices.Cpu;

/// <summary>Specifies why an iteration gave no result for a matrix.</summary>
internal enum LinearFailure
{
    /// <summary>There is a result.</summary>
    None,

    /// <summary>The matrix has an infinite element or NaN.</summary>
    NotFinite,

    /// <summary>The limit of iterations was reached.</summary>
    NoConvergence,
}
