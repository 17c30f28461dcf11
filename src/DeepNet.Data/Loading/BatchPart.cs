namespace DeepNet.Data.Loading;

/// <summary>Represents a part of a batch.</summary>
/// <param name="Batch">The part; nothing if it is empty.</param>
/// <param name="Number">The number of the part.</param>
/// <param name="Whole">The number of examples of the whole batch; null if only making it tells.</param>
/// <param name="IsEmpty">Whether the batch has too few examples for the part to have any.</param>
internal readonly record struct BatchPart<TBatch>(TBatch Batch, int Number, int? Whole, bool IsEmpty);
