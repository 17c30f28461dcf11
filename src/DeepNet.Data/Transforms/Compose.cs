namespace DeepNet.Data.Transforms;

/// <summary>Transforms one after the other. Each gets random numbers of its own.</summary>
public sealed class Compose(params ITransform[] transforms) : ITransform
{
    private readonly ITransform[] transforms = [.. transforms];

    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys)
    {
        var own = new DrawKey[keys.Length];
        for (int step = 0; step < transforms.Length; step++)
        {
            for (int i = 0; i < own.Length; i++) own[i] = keys[i].At((ulong)step);
            batch = transforms[step].Apply(batch, own);
        }
        return batch;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", (object[])transforms);
}
