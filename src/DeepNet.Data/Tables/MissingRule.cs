namespace DeepNet.Data;

/// <summary>
/// Specifies the treatment of a cell without a value. What is filled in is learned from the training part; a missing target is never filled
/// in.
/// </summary>
public enum MissingRule
{
    /// <summary>It is an error.</summary>
    Error,

    /// <summary>Its row is left out.</summary>
    DropRow,

    /// <summary>It gets the mean of its column; the most frequent value, if these are categories.</summary>
    Mean,

    /// <summary>It gets the median of its column; the most frequent value, if these are categories.</summary>
    Median,

    /// <summary>It gets the most frequent value of its column.</summary>
    MostFrequent,
}
