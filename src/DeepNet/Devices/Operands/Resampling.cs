namespace DeepNet.Devices;

/// <summary>
/// The sizes of a resampling of one axis: the source is dense (Batch, Outer, Length, Inner), the result (Batch, Outer, Count, Inner), and
/// index and weight of the taps are (Batch, Taps, Count).
/// </summary>
internal readonly record struct Resampling(nint Batch, nint Outer, nint Length, nint Inner, nint Count, nint Taps);
