namespace DeepNet.Data.Sampling;

/// <summary>Which examples an epoch shows, in which order.</summary>
public interface ISampler
{
    /// <summary>How many examples an epoch shows.</summary>
    int Count { get; }

    /// <summary>The places of an epoch's examples. Equal keys give equal places: that is what lets a run be resumed.</summary>
    int[] Draw(DrawKey epoch);
}
