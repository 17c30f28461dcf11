namespace DeepNet.Plots;

/// <summary>Specifies an outcome, as a report shows it: by colour, sign and word.</summary>
public enum Verdict
{
    /// <summary>As expected.</summary>
    Pass,

    /// <summary>Not as expected.</summary>
    Fail,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Neither good nor bad.</summary>
    Neutral,
}
