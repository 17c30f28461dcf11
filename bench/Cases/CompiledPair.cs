namespace DeepNet.Bench.Cases;

/// <summary>The same work as it is and compiled.</summary>
/// <param name="Name">The name.</param>
/// <param name="Setup">Makes both: each does the work once.</param>
internal sealed record CompiledPair(string Name, Func<(Action Eager, Action Compiled, Compiled Of)> Setup)
{
    /// <summary>The ratio of the times (eager by compiled) to reach.</summary>
    public double Mark { get; init; } = 0.98;

    /// <summary>The most MiB for what is made on the way, or 0.</summary>
    public double MostMiB { get; init; }

    /// <summary>The number of times that one call is repeated to be timed.</summary>
    public int Repeat { get; init; } = 1;
}
