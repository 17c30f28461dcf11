using DeepNet.Data.Transforms;

namespace DeepNet.Data.Loading;

/// <summary>The transform of the batches of an epoch, with a key for each place in it.</summary>
internal readonly struct Augmentation<TBatch>(ITransform<TBatch>? transform, LoaderState state)
{
    private readonly DrawKey key = Augmentation.KeyOf(state).At(1);

    /// <summary>Transforms a batch whose first example has a place in the epoch.</summary>
    public TBatch Apply(TBatch batch, long place, int count)
    {
        if (transform is null) return batch;
        var keys = new DrawKey[count];
        for (int i = 0; i < keys.Length; i++) keys[i] = key.At((ulong)(place + i));
        return transform.Apply(batch, keys);
    }
}

/// <summary>Keys of epochs.</summary>
internal static class Augmentation
{
    /// <summary>The key of an epoch: order is drawn from its part 0, and augmentation from its part 1.</summary>
    public static DrawKey KeyOf(LoaderState state) => DrawKey.FromSeed(state.Seed).At((ulong)state.Epoch);
}
