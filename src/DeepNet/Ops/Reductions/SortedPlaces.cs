namespace DeepNet.Ops;

/// <summary>The places of the first elements in order along the last axis, as recordings hold them.</summary>
/// <param name="Count">How many.</param>
/// <param name="IsDescending">True to begin with the largest.</param>
internal sealed record SortedPlaces(int Count, bool IsDescending);
