namespace DeepNet;

/// <summary>The settings of a <see cref="Compiled"/>.</summary>
public sealed record CompiledOptions
{
    /// <summary>
    /// Gets the most recordings: each set of input shapes needs one, and so does each state of what was recorded, such as a switch from
    /// training to evaluation. More are an error, for recording costs what it is to save.
    /// </summary>
    public int Recordings { get; init; } = 8;

    /// <summary>
    /// Gets a value that is true to run the function as it is where it cannot be recorded, instead of throwing an error;
    /// <see cref="Compiled.WhyNotRecorded"/> says why.
    /// </summary>
    public bool FallsBack { get; init; }
}
