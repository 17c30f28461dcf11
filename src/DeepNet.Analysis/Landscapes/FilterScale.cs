namespace DeepNet.Analysis;

/// <summary>Specifies how a random direction is scaled, so that distances mean the same in networks of different scale.</summary>
public enum FilterScale
{
    /// <summary>As it was drawn.</summary>
    None,

    /// <summary>
    /// Every filter (a slice along axis 0 of a weight) gets the length of the filter at the same place in the model; biases and other
    /// vectors do not move.
    /// </summary>
    Filter,

    /// <summary>Every parameter tensor gets the length of the model's.</summary>
    Layer,

    /// <summary>The whole direction gets the length of all parameters together.</summary>
    Model,
}
