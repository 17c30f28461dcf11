namespace DeepNet.Data.Sampling;

/// <summary>Chooses the examples of an epoch and their order.</summary>
public interface ISampler
{
    /// <summary>Gets the number of examples of an epoch.</summary>
    int Count { get; }

    /// <summary>The places of an epoch's examples. Equal keys give equal places: that is what lets a run be resumed.</summary>
    int[] Draw(DrawKey epoch);
}
