namespace DeepNet;

/// <summary>
/// All that a <see cref="Generator"/> knows: two numbers. Save them with a checkpoint, and a resumed run draws what the
/// interrupted one would have drawn.
/// </summary>
/// <param name="Key">The stream, which is the seed it was made from.</param>
/// <param name="Counter">The next block of the stream that was not used yet; see <see cref="Philox"/>.</param>
public readonly record struct GeneratorState(ulong Key, ulong Counter);
