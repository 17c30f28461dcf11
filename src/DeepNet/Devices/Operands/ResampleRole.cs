namespace DeepNet.Devices;

/// <summary>The tensor of a resampling that is computed from the two others.</summary>
internal enum ResampleRole
{
    /// <summary>y[b, o, i, k] = Σₜ weight[b, t, i] · x[b, o, index[b, t, i], k].</summary>
    Result,

    /// <summary>x[b, o, j, k] = Σ weight[b, t, i] · y[b, o, i, k] over all taps with index[b, t, i] = j.</summary>
    Source,

    /// <summary>weight[b, t, i] = Σ x[b, o, index[b, t, i], k] · y[b, o, i, k] over o and k.</summary>
    Weight,
}
