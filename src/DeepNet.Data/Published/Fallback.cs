namespace DeepNet.Data;

/// <summary>Specifies what <see cref="Datasets"/> gives when a set is not there and cannot be downloaded.</summary>
public enum Fallback
{
    /// <summary>An error that says what to put where.</summary>
    None,

    /// <summary>A made set of the same form, with a note on the error output: programs run, and figures mean nothing.</summary>
    Synthetic,
}
