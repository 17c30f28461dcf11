using DeepNet.Data.Transforms;

namespace DeepNet.Data.Loading;

/// <summary>The transform of the batches of an epoch, with a key for each place in it.</summary>
internal readonly struct Augmentation<TBatch>(ITransform<TBatch>? transform, LoaderState state)
{
    private readonly DrawKey key = Augmentation.KeyOf(state).At(1), draws = Augmentation.KeyOf(state).At(2);

    /// <summary>Transforms a batch whose first example has a place in the epoch.</summary>
    public TBatch Apply(TBatch batch, long place, int count)
        => transform is null ? batch : transform.Apply(batch, Keys(key, place, count));

    /// <summary>The keys of examples for a data set that draws itself.</summary>
    public DrawKey[] Draws(long place, int count) => Keys(draws, place, count);

    private static DrawKey[] Keys(DrawKey key, long place, int count)
    {
        var keys = new DrawKey[count];
        for (int i = 0; i < keys.Length; i++) keys[i] = key.At((ulong)(place + i));
        return keys;
    }
}

/// <summary>Keys of epochs.</summary>
internal static class Augmentation
{
    /// <summary>The key of an epoch: order is drawn from its part 0, augmentation from its part 1, what data sets draw from its part
    /// 2.</summary>
    public static DrawKey KeyOf(LoaderState state) => DrawKey.FromSeed(state.Seed).At((ulong)state.Epoch);
}
