namespace DeepNet.Data;

/// <summary>Represents a loader of batches of any type.</summary>
public interface ILoader
{
    /// <summary>Gets the number of batches of an epoch; null if only the end of the data tells.</summary>
    int? Batches { get; }

    /// <summary>Gets the number of examples of a batch; some may have fewer.</summary>
    int BatchSize { get; }

    /// <summary>Gets the number of examples of the data set; null for a stream.</summary>
    long? Examples { get; }

    /// <summary>Gets or sets the position of the loader; the next pass goes on from there.</summary>
    LoaderState State { get; set; }

    /// <summary>Gets or sets which parts of each batch are made; see <see cref="LoaderShard"/>.</summary>
    LoaderShard Shard { get; set; }
}
