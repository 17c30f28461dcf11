namespace DeepNet.Distributed;

/// <summary>A run over several ranks has ended, because of what happened on this rank or another one.</summary>
public sealed class DistributedException : Exception
{
    /// <summary>Makes an exception that says what happened.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="rank">The rank on which it happened; −1 if it concerns them all.</param>
    /// <param name="cause">The exception on this rank, if it is one.</param>
    public DistributedException(string message, int rank = -1, Exception? cause = null) : base(message, cause) => Rank = rank;

    /// <summary>Gets the rank on which it happened; −1 if it concerns them all.</summary>
    public int Rank { get; }
}
