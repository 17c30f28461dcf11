namespace DeepNet.Ops;

/// <summary>
/// How one axis of a view moves through its source: so many places, each a step along one axis of the source, or along two at
/// once (a diagonal), or along none (a new axis of length 1).
/// </summary>
internal readonly record struct Walk(int Length, int Axis = -1, int Step = 1, int Second = -1);
