namespace DeepNet.Hosting.Live;

/// <summary>Lets something be done as often as it takes no more than a small part of the time.</summary>
/// <param name="clock">The clock that measures it.</param>
/// <param name="part">The whole time for each part spent: 500 for a five-hundredth.</param>
/// <param name="least">The shortest time between two.</param>
internal sealed class TimeShare(TimeProvider clock, int part, TimeSpan least)
{
    private readonly long leastTicks = (long)(least.TotalSeconds * clock.TimestampFrequency);
    private long? next;
    private bool isWarm;

    /// <summary>Gets a value that is true if it may be done now.</summary>
    public bool IsDue => next is not { } at || clock.GetTimestamp() >= at;

    /// <summary>Does it, and finds out when it may be done again.</summary>
    public void Spend(Action action)
    {
        long start = clock.GetTimestamp();
        try
        {
            action();
        }
        finally
        {
            long end = clock.GetTimestamp();
            // The first time is spent on compiling code, and tells nothing of the next.
            next = end + (isWarm ? Math.Max((end - start) * part, leastTicks) : leastTicks);
            isWarm = true;
        }
    }
}
