namespace DeepNet;

/// <summary>The settings of a <see cref="Profiler"/>.</summary>
public sealed record ProfilerOptions
{
    /// <summary>
    /// Gets a value that is true to wait for devices that work on their own after each kernel, so that its time is known.
    /// </summary>
    public bool Waits { get; init; } = true;

    /// <summary>
    /// Gets what the hardware can do at best, which times are compared with; null to leave that out. <see cref="ProfilerLimits.Measure"/>
    /// finds it.
    /// </summary>
    public ProfilerLimits? Limits { get; init; }
}
