namespace DeepNet.Data.Transforms;

/// <summary>Labels as vectors that are 1 at the place of the class and 0 elsewhere.</summary>
public sealed class OneHot(int classes) : ITransform
{
    /// <inheritdoc/>
    public Batch Apply(Batch batch, ReadOnlySpan<DrawKey> keys) => batch with { Y = batch.Y.OneHot(classes) };

    /// <inheritdoc/>
    public override string ToString() => $"OneHot({classes})";
}
