namespace DeepNet.Data;

/// <summary>
/// Represents the position of a loader: all that is needed to go on from there in another process. Three numbers; save them with a
/// checkpoint.
/// </summary>
/// <param name="Seed">The seed of shuffling and augmentation.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">The next batch of that epoch, from 0.</param>
public readonly record struct LoaderState(ulong Seed, int Epoch, int Batch);
